// Which system calls are of interest, and which argument is which.
#include "syscalls.h"

#include <bpf/bpf.h>
#include <sys/syscall.h>

#include "record.h"

struct row {
	const char *name;
	int native, ia32; /* numbers; -1 where the convention has no such call */
	struct syscall_shape shape;
};

#define NONE (-1)
/* Every argument is absent unless it is given, so giving one overrides. */
#pragma GCC diagnostic ignored "-Woverride-init"
#define SHAPE(...) \
	{ .dirfd = NONE, .path = NONE, .dirfd2 = NONE, .path2 = NONE, .value = NONE, .value2 = NONE, .flags = NONE, \
	  .fd = NONE, __VA_ARGS__ }

/* Calls that arm64 never had. */
#ifdef SYS_open
#define OLD(call) SYS_##call
#else
#define OLD(call) NONE
#endif
/* Newer than some libc's headers; the same number everywhere. */
#define SYS_NUMBER_move_mount 429
#define SYS_NUMBER_close_range 436
#define SYS_NUMBER_openat2 437
#define SYS_NUMBER_fchmodat2 452

static const struct row rows[] = {
	/* opened */
	{ "open", OLD(open), 5, SHAPE(.operation = OP_CREATE, .kind = KIND_OPEN, .path = 0, .flags = 1) },
	{ "creat", OLD(creat), 8, SHAPE(.operation = OP_CREATE, .kind = KIND_OPEN_CREAT, .path = 0) },
	{ "openat", SYS_openat, 295, SHAPE(.operation = OP_CREATE, .kind = KIND_OPEN, .dirfd = 0, .path = 1, .flags = 2) },
	{ "openat2", SYS_NUMBER_openat2, 437, SHAPE(.operation = OP_CREATE, .kind = KIND_OPEN_HOW, .dirfd = 0, .path = 1) },
	{ "open_by_handle_at", SYS_open_by_handle_at, 342,
	  SHAPE(.operation = OP_CREATE, .kind = KIND_OPEN, .dirfd = 0, .flags = 2) },

	/* changed */
	{ "write", SYS_write, 4, SHAPE(.kind = KIND_WRITE, .fd = 0) },
	{ "pwrite64", SYS_pwrite64, 181, SHAPE(.kind = KIND_WRITE, .fd = 0) },
	{ "writev", SYS_writev, 146, SHAPE(.kind = KIND_WRITE, .fd = 0) },
	{ "pwritev", SYS_pwritev, 334, SHAPE(.kind = KIND_WRITE, .fd = 0) },
	{ "pwritev2", SYS_pwritev2, 379, SHAPE(.kind = KIND_WRITE, .fd = 0) },
	{ "sendfile", SYS_sendfile, 187, SHAPE(.kind = KIND_WRITE, .fd = 0) },
	{ "sendfile64", NONE, 239, SHAPE(.kind = KIND_WRITE, .fd = 0) },
	{ "splice", SYS_splice, 313, SHAPE(.kind = KIND_WRITE, .fd = 2) },
	{ "copy_file_range", SYS_copy_file_range, 377, SHAPE(.kind = KIND_WRITE, .fd = 2) },
	{ "fallocate", SYS_fallocate, 324, SHAPE(.kind = KIND_ALLOCATE, .fd = 0) },
	{ "mmap", SYS_mmap, NONE, SHAPE(.kind = KIND_MAP, .flags = 3, .fd = 4) },
	{ "mmap2", NONE, 192, SHAPE(.kind = KIND_MAP, .flags = 3, .fd = 4) },

	/* closed */
	{ "close", SYS_close, 6, SHAPE(.kind = KIND_CLOSE, .fd = 0) },
	{ "dup2", OLD(dup2), 63, SHAPE(.kind = KIND_CLOSE, .fd = 1) },
	{ "dup3", SYS_dup3, 330, SHAPE(.kind = KIND_CLOSE, .fd = 1) },
	{ "close_range", SYS_NUMBER_close_range, 436, SHAPE(.kind = KIND_CLOSE_RANGE) },

	/* programs that could not be started; path2 is the list of arguments */
	{ "execve", SYS_execve, 11,
	  SHAPE(.operation = OP_EXEC_FAILED, .kind = KIND_EXEC, .path = 0, .path2 = 1, .follow = FOLLOW_ALWAYS) },
	{ "execveat", SYS_execveat, 358,
	  SHAPE(.operation = OP_EXEC_FAILED, .kind = KIND_EXEC, .dirfd = 0, .path = 1, .path2 = 2, .flags = 4) },

	/* names */
	{ "rename", OLD(rename), 38, SHAPE(.operation = OP_RENAME, .path = 0, .path2 = 1) },
#ifdef SYS_renameat
	{ "renameat", SYS_renameat, 302, SHAPE(.operation = OP_RENAME, .dirfd = 0, .path = 1, .dirfd2 = 2, .path2 = 3) },
#endif
	{ "renameat2", SYS_renameat2, 353,
	  SHAPE(.operation = OP_RENAME, .dirfd = 0, .path = 1, .dirfd2 = 2, .path2 = 3, .flags = 4) },
	{ "unlink", OLD(unlink), 10, SHAPE(.operation = OP_UNLINK, .path = 0) },
	{ "unlinkat", SYS_unlinkat, 301, SHAPE(.operation = OP_UNLINK, .dirfd = 0, .path = 1, .flags = 2) },
	{ "rmdir", OLD(rmdir), 40, SHAPE(.operation = OP_RMDIR, .path = 0) },
	{ "mkdir", OLD(mkdir), 39, SHAPE(.operation = OP_MKDIR, .path = 0, .value = 1) },
	{ "mkdirat", SYS_mkdirat, 296, SHAPE(.operation = OP_MKDIR, .dirfd = 0, .path = 1, .value = 2) },
	{ "symlink", OLD(symlink), 83, SHAPE(.operation = OP_SYMLINK, .path = 1, .path2 = 0) },
	{ "symlinkat", SYS_symlinkat, 304, SHAPE(.operation = OP_SYMLINK, .dirfd = 1, .path = 2, .path2 = 0) },
	{ "link", OLD(link), 9, SHAPE(.operation = OP_LINK, .path = 0, .path2 = 1) },
	{ "linkat", SYS_linkat, 303,
	  SHAPE(.operation = OP_LINK, .dirfd = 0, .path = 1, .dirfd2 = 2, .path2 = 3, .flags = 4, .follow = FOLLOW_IF_FLAG) },
	{ "mknod", OLD(mknod), 14, SHAPE(.operation = OP_MKNOD, .path = 0, .value = 1, .value2 = 2) },
	{ "mknodat", SYS_mknodat, 297, SHAPE(.operation = OP_MKNOD, .dirfd = 0, .path = 1, .value = 2, .value2 = 3) },

	/* attributes */
	{ "chmod", OLD(chmod), 15, SHAPE(.operation = OP_CHMOD, .path = 0, .value = 1, .follow = FOLLOW_ALWAYS) },
	{ "fchmod", SYS_fchmod, 94, SHAPE(.operation = OP_CHMOD, .fd = 0, .value = 1) },
	{ "fchmodat", SYS_fchmodat, 306,
	  SHAPE(.operation = OP_CHMOD, .dirfd = 0, .path = 1, .value = 2, .follow = FOLLOW_ALWAYS) },
	{ "fchmodat2", SYS_NUMBER_fchmodat2, 452,
	  SHAPE(.operation = OP_CHMOD, .dirfd = 0, .path = 1, .value = 2, .flags = 3, .follow = FOLLOW_UNLESS_FLAG) },
	{ "chown", OLD(chown), 212,
	  SHAPE(.operation = OP_CHOWN, .path = 0, .value = 1, .value2 = 2, .follow = FOLLOW_ALWAYS) },
	{ "lchown", OLD(lchown), 198, SHAPE(.operation = OP_CHOWN, .path = 0, .value = 1, .value2 = 2) },
	{ "fchown", SYS_fchown, 207, SHAPE(.operation = OP_CHOWN, .fd = 0, .value = 1, .value2 = 2) },
	{ "fchownat", SYS_fchownat, 298,
	  SHAPE(.operation = OP_CHOWN, .dirfd = 0, .path = 1, .value = 2, .value2 = 3, .flags = 4,
		.follow = FOLLOW_UNLESS_FLAG) },
	{ "chown16", NONE, 182, SHAPE(.operation = OP_CHOWN, .path = 0, .value = 1, .value2 = 2, .follow = FOLLOW_ALWAYS) },
	{ "lchown16", NONE, 16, SHAPE(.operation = OP_CHOWN, .path = 0, .value = 1, .value2 = 2) },
	{ "fchown16", NONE, 95, SHAPE(.operation = OP_CHOWN, .fd = 0, .value = 1, .value2 = 2) },
	{ "truncate", SYS_truncate, 92, SHAPE(.operation = OP_TRUNCATE, .path = 0, .value = 1, .follow = FOLLOW_ALWAYS) },
	{ "truncate64", NONE, 193, SHAPE(.operation = OP_TRUNCATE, .path = 0, .value = 1, .follow = FOLLOW_ALWAYS) },
	{ "ftruncate", SYS_ftruncate, 93, SHAPE(.operation = OP_TRUNCATE, .fd = 0, .value = 1) },
	{ "ftruncate64", NONE, 194, SHAPE(.operation = OP_TRUNCATE, .fd = 0, .value = 1) },

	/* mounts: source and type are read by the program itself */
	{ "mount", SYS_mount, 21, SHAPE(.operation = OP_MOUNT, .path = 1, .flags = 3, .follow = FOLLOW_ALWAYS) },
	{ "umount", NONE, 22, SHAPE(.operation = OP_UMOUNT, .path = 0, .follow = FOLLOW_ALWAYS) },
	{ "umount2", SYS_umount2, 52, SHAPE(.operation = OP_UMOUNT, .path = 0, .flags = 1, .follow = FOLLOW_ALWAYS) },
	{ "move_mount", SYS_NUMBER_move_mount, 429,
	  SHAPE(.operation = OP_MOVE_MOUNT, .dirfd = 0, .path = 1, .dirfd2 = 2, .path2 = 3, .flags = 4) },
	{ "pivot_root", SYS_pivot_root, 217,
	  SHAPE(.operation = OP_PIVOT_ROOT, .path = 0, .follow = FOLLOW_ALWAYS) },
	{ "chroot", SYS_chroot, 61, SHAPE(.operation = OP_CHROOT, .path = 0, .follow = FOLLOW_ALWAYS) },
};

static int load(int map, enum abi abi, int number, const struct syscall_shape *shape)
{
	unsigned key = abi * SYSCALLS_PER_ABI + number;

	return number == NONE ? 0 : bpf_map_update_elem(map, &key, shape, 0);
}

int load_syscalls(int map)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (load(map, ABI_NATIVE, rows[i].native, &rows[i].shape))
			return -1;
#ifdef __x86_64__
		if (load(map, ABI_IA32, rows[i].ia32, &rows[i].shape))
			return -1;
#endif
	}
	return 0;
}
