// File operations handed to io_uring: they pass by the system calls, and are seen when they are submitted.
// How they end is not known, and a directory that was never looked up before cannot be resolved.
#pragma once

#include "named.bpf.h"

static __always_inline void put_request_path(struct scratch *s, int dirfd, struct filename *name, u32 tag, u32 raw)
{
	const char *text = BPF_CORE_READ(name, name);

	resolve_copied(s, dirfd, (u64)text);
	put_walked(s, tag);
	put_kernel_string(s, text, raw);
}

#define REQUEST_FIXED_FILE 1
#define IS_REQUEST(opcode, name) \
	(bpf_core_enum_value_exists(enum io_uring_op, name) && (opcode) == bpf_core_enum_value(enum io_uring_op, name))

/* The operation of a request that is of interest, as it would be called without io_uring; else OP_NONE. */
static __always_inline u32 requested_operation(u32 opcode)
{
	if (IS_REQUEST(opcode, IORING_OP_OPENAT) || IS_REQUEST(opcode, IORING_OP_OPENAT2))
		return OP_CREATE;
	if (IS_REQUEST(opcode, IORING_OP_RENAMEAT))
		return OP_RENAME;
	if (IS_REQUEST(opcode, IORING_OP_UNLINKAT))
		return OP_UNLINK;
	if (IS_REQUEST(opcode, IORING_OP_MKDIRAT))
		return OP_MKDIR;
	if (IS_REQUEST(opcode, IORING_OP_SYMLINKAT))
		return OP_SYMLINK;
	if (IS_REQUEST(opcode, IORING_OP_LINKAT))
		return OP_LINK;
	if (IS_REQUEST(opcode, IORING_OP_WRITE) || IS_REQUEST(opcode, IORING_OP_WRITEV) ||
	    IS_REQUEST(opcode, IORING_OP_WRITE_FIXED))
		return OP_WRITE;
	return OP_NONE;
}

/* The file that a request writes to; 0 when it is one of the ring's own table. */
static __always_inline struct file *requested_file(struct io_kiocb *request)
{
	int fd = BPF_CORE_READ(request, cqe.fd);

	return BPF_CORE_READ(request, flags) & REQUEST_FIXED_FILE ? 0 : file_of((void *)bpf_get_current_task(), fd);
}

/* A request of this operation was submitted by the current process. */
__noinline int report_request(struct scratch *s, u64 request, u32 operation)
{
	if (!s)
		return 0;
	if (operation == OP_WRITE) /* told as any write: it will hardly fail */
		return report_write(s, (u64)requested_file((void *)request));
	begin(s, bpf_get_current_task(), OP_IO_URING);
	s->record.header.value = operation;
	switch (operation) {
	case OP_CREATE: {
		struct io_open *open = (void *)request;

		s->record.header.flags = BPF_CORE_READ(open, how.flags);
		if (!(s->record.header.flags & (O_ACCMODE | O_CREAT | O_TRUNC)))
			return 0;
		put_request_path(s, BPF_CORE_READ(open, dfd), BPF_CORE_READ(open, filename), TAG_PATH, TAG_RAW);
		break;
	}
	case OP_UNLINK: {
		struct io_unlink *unlink = (void *)request;

		if (BPF_CORE_READ(unlink, flags) & AT_REMOVEDIR)
			s->record.header.value = OP_RMDIR;
		put_request_path(s, BPF_CORE_READ(unlink, dfd), BPF_CORE_READ(unlink, filename), TAG_PATH, TAG_RAW);
		break;
	}
	case OP_MKDIR: {
		struct io_mkdir *mkdir = (void *)request;

		put_request_path(s, BPF_CORE_READ(mkdir, dfd), BPF_CORE_READ(mkdir, filename), TAG_PATH, TAG_RAW);
		break;
	}
	case OP_RENAME: {
		struct io_rename *rename = (void *)request;

		put_request_path(s, BPF_CORE_READ(rename, old_dfd), BPF_CORE_READ(rename, oldpath), TAG_PATH, TAG_RAW);
		put_request_path(s, BPF_CORE_READ(rename, new_dfd), BPF_CORE_READ(rename, newpath), TAG_PATH2, TAG_RAW2);
		break;
	}
	case OP_SYMLINK: {
		struct io_link *link = (void *)request;

		put_kernel_string(s, BPF_CORE_READ(link, oldpath, name), TAG_TARGET);
		put_request_path(s, BPF_CORE_READ(link, new_dfd), BPF_CORE_READ(link, newpath), TAG_PATH, TAG_RAW);
		break;
	}
	case OP_LINK: {
		struct io_link *link = (void *)request;

		put_request_path(s, BPF_CORE_READ(link, old_dfd), BPF_CORE_READ(link, oldpath), TAG_PATH, TAG_RAW);
		put_request_path(s, BPF_CORE_READ(link, new_dfd), BPF_CORE_READ(link, newpath), TAG_PATH2, TAG_RAW2);
		break;
	}
	}
	put_actor(s, bpf_get_current_task());
	emit(s);
	return 0;
}
