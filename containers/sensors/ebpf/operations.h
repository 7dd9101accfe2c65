// What a record can be about, each with its word on the reader's lines: the one list of operations.
#pragma once

#define OPERATIONS(OP) \
	OP(EXEC, "exec") \
	OP(EXEC_FAILED, "exec_failed") \
	OP(FORK, "fork") \
	OP(EXIT, "exit") \
	/* snapshot: this process lived already when its target was added */ \
	OP(ALIVE, "alive") \
	OP(CREATE, "create") \
	OP(OPEN_WRITE, "open_write") \
	/* the first write since it was opened, of a file that this open did not create */ \
	OP(WRITE, "write") \
	/* the content changed since it was opened, or since the last such record */ \
	OP(CLOSE_WRITE, "close_write") \
	OP(RENAME, "rename") \
	OP(UNLINK, "unlink") \
	OP(RMDIR, "rmdir") \
	OP(MKDIR, "mkdir") \
	OP(SYMLINK, "symlink") \
	OP(LINK, "link") \
	OP(MKNOD, "mknod") \
	OP(CHMOD, "chmod") \
	OP(CHOWN, "chown") \
	OP(TRUNCATE, "truncate") \
	OP(MOUNT, "mount") \
	OP(UMOUNT, "umount") \
	OP(MOVE_MOUNT, "move_mount") \
	OP(PIVOT_ROOT, "pivot_root") \
	OP(CHROOT, "chroot") \
	/* a file operation handed to io_uring; its outcome is not known */ \
	OP(IO_URING, "io_uring") \
	/* a process makes system calls that this sensor does not decode */ \
	OP(FOREIGN_ABI, "foreign_abi") \
	/* more arguments of the exec before it; joined by the reader, never on a line of its own */ \
	OP(ARGV_MORE, "argv_more")

enum operation {
	OP_NONE,
#define OPERATION(name, word) OP_##name,
	OPERATIONS(OPERATION)
#undef OPERATION
	OP_COUNT
};
