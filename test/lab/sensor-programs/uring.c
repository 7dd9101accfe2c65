// mkdir, create, rename and unlink through io_uring, without one such system call. No libc.
// cc -Os -static -nostdlib -fno-stack-protector -fno-pic -no-pie -fcf-protection=none \
//    -fno-asynchronous-unwind-tables -Wl,--build-id=none,-z,norelro,-z,noseparate-code,-N -s
#include <asm/unistd.h>
#include <linux/io_uring.h>

static long call(long number, long a, long b, long c, long d, long e, long f)
{
	long result;
	register long r10 asm("r10") = d, r8 asm("r8") = e, r9 asm("r9") = f;

	asm volatile("syscall"
		     : "=a"(result)
		     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
		     : "rcx", "r11", "memory");
	return result;
}

static struct io_uring_params params;
static char *ring, *entries;
static int fd;

static void submit(int operation, int dirfd, const char *path, unsigned length, const void *path2, unsigned flags)
{
	unsigned *tail = (unsigned *)(ring + params.sq_off.tail), *array = (unsigned *)(ring + params.sq_off.array);
	unsigned slot = *tail & *(unsigned *)(ring + params.sq_off.ring_mask);
	struct io_uring_sqe *entry = (struct io_uring_sqe *)entries + slot;

	for (unsigned i = 0; i < sizeof(*entry); i++)
		((char *)entry)[i] = 0;
	entry->opcode = operation;
	entry->fd = dirfd;
	entry->addr = (long)path;
	entry->len = length;
	entry->off = (long)path2;
	entry->open_flags = flags;
	array[slot] = slot;
	(*tail)++;
	call(__NR_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, 0, 0);
}

void _start(void)
{
	fd = call(__NR_io_uring_setup, 4, (long)&params, 0, 0, 0, 0);
	if (fd < 0)
		call(__NR_exit_group, 9, 0, 0, 0, 0, 0);
	unsigned size = params.sq_off.array + params.sq_entries * 4, other = params.cq_off.cqes + params.cq_entries * 16;

	ring = (char *)call(__NR_mmap, 0, size > other ? size : other, 3, 1, fd, 0);
	entries = (char *)call(__NR_mmap, 0, params.sq_entries * sizeof(struct io_uring_sqe), 3, 1, fd, IORING_OFF_SQES);
	submit(IORING_OP_MKDIRAT, -100, "/tmp/ur", 0755, 0, 0);
	submit(IORING_OP_OPENAT, -100, "/tmp/ur/a", 0644, 0, 0101);
	submit(IORING_OP_RENAMEAT, -100, "/tmp/ur/a", -100, "/tmp/ur/b", 0);
	submit(IORING_OP_UNLINKAT, -100, "/tmp/ur/b", 0, 0, 0);
	call(__NR_exit_group, 0, 0, 0, 0, 0, 0);
}
