// The programs that the kernel runs: each finds out whether a target is concerned, then builds one record.
// Only BTF tracepoints are used: they load on kernels without kprobes, and where fentry and LSM are refused.
// Linux 5.17 and newer, x86-64 and arm64; tried on 6.1, 6.12 and 6.18.
//
// What cannot be seen:
// - io_uring: requests are seen when they are submitted (Linux 6.4), their outcome is not; on older kernels nothing.
// - x32 and 32-bit ARM calls: that a process makes them is told (OP_FOREIGN_ABI), what they do is not.
// - Paths of calls that act on a name (rename, unlink, link, mkdir, chmod, mount…) are read when the call returns:
//   another thread that changes the text meanwhile deceives the sensor. Files that are opened, written and executed
//   have the path of the kernel's own object.
// - Links on btrfs, and links of 60 bytes or more on ext4, are not followed in such paths: PATH_UNRESOLVED.
// - A mount that hides the link through which it was reached: its place is told with that link unfollowed.
// - Arguments of processes that lived before their target was added, before Linux 6.2.
// - Mode and owner from before a change, where the name was not in the directory cache yet.
// - Sockets made by bind(2), extended attributes, file flags, times of files.
#include "named.bpf.h"
#include "snapshot.bpf.h"
#include "uring.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* Rows of one convention begin at its number times SYSCALLS_PER_ABI. Filled from syscalls.c. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2 * SYSCALLS_PER_ABI);
	__type(key, u32);
	__type(value, struct syscall_shape);
} shapes SEC(".maps");

/* Argument of a tracepoint as a plain number: the verifier lets no typed pointer into a global function. */
static __always_inline u64 address_in(const unsigned long long *ctx, int number)
{
	u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), ctx + number);
	return value;
}

/* ---- processes ---- */

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	if (BPF_CORE_READ(child, pid) != BPF_CORE_READ(child, tgid))
		return 0; /* a thread */
	u32 pidns = watched(child);
	struct scratch *s = pidns ? take_scratch(pidns) : 0;

	if (!s)
		return 0;
	u64 address = address_in(ctx, 1);

	begin(s, address, OP_FORK);
	put_actor(s, address);
	emit(s);
	release_scratch(s);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *program)
{
	u32 pidns = watched(task);
	struct scratch *s = pidns ? take_scratch(pidns) : 0;

	if (!s)
		return 0;
	report_exec(s, address_in(ctx, 2));
	release_scratch(s);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	u32 pidns = watched(task);

	if (!pidns || BPF_CORE_READ(task, signal, live.counter) > 0)
		return 0; /* other threads live on */
	if (!is_first(task, OP_EXIT))
		return 0; /* the last two threads ended at the same time */
	struct scratch *s = take_scratch(pidns);

	if (!s)
		return 0;
	report_closes(s, 0, -1, 0);
	begin(s, bpf_get_current_task(), OP_EXIT);
	s->record.header.result = exit_status(task);
	put_actor(s, bpf_get_current_task());
	emit(s);
	release_scratch(s);
	return 0;
}

/* ---- system calls ---- */

#if defined(__TARGET_ARCH_x86)
#define TS_COMPAT 2
#define X32_BIT 0x40000000

static __always_inline u32 abi_of(struct task_struct *task, u32 number)
{
	if (BPF_CORE_READ(task, thread_info.status) & TS_COMPAT)
		return ABI_IA32;
	/* a negative number is no call: signal handlers return that way */
	return (s32)number >= 0 && (number & X32_BIT) ? ABI_FOREIGN : ABI_NATIVE;
}

static __always_inline u32 number_of(struct pt_regs *regs)
{
	return BPF_CORE_READ(regs, orig_ax);
}

static __always_inline void read_arguments(struct scratch *s, struct pt_regs *regs, u32 abi)
{
	if (abi == ABI_IA32) {
		s->args[0] = (u32)BPF_CORE_READ(regs, bx);
		s->args[1] = (u32)BPF_CORE_READ(regs, cx);
		s->args[2] = (u32)BPF_CORE_READ(regs, dx);
		s->args[3] = (u32)BPF_CORE_READ(regs, si);
		s->args[4] = (u32)BPF_CORE_READ(regs, di);
		s->args[5] = (u32)BPF_CORE_READ(regs, bp);
		return;
	}
	s->args[0] = BPF_CORE_READ(regs, di);
	s->args[1] = BPF_CORE_READ(regs, si);
	s->args[2] = BPF_CORE_READ(regs, dx);
	s->args[3] = BPF_CORE_READ(regs, r10);
	s->args[4] = BPF_CORE_READ(regs, r8);
	s->args[5] = BPF_CORE_READ(regs, r9);
}
#elif defined(__TARGET_ARCH_arm64)
#define TIF_32BIT 22

static __always_inline u32 abi_of(struct task_struct *task, u32 number)
{
	return BPF_CORE_READ(task, thread_info.flags) >> TIF_32BIT & 1 ? ABI_FOREIGN : ABI_NATIVE;
}

static __always_inline u32 number_of(struct pt_regs *regs)
{
	return BPF_CORE_READ(regs, syscallno);
}

static __always_inline void read_arguments(struct scratch *s, struct pt_regs *regs, u32 abi)
{
	s->args[0] = BPF_CORE_READ(regs, orig_x0);
	s->args[1] = BPF_CORE_READ(regs, regs[1]);
	s->args[2] = BPF_CORE_READ(regs, regs[2]);
	s->args[3] = BPF_CORE_READ(regs, regs[3]);
	s->args[4] = BPF_CORE_READ(regs, regs[4]);
	s->args[5] = BPF_CORE_READ(regs, regs[5]);
}
#endif

/* The row of a system call; 0 when it is of no interest. */
static __always_inline struct syscall_shape *shape_of(u32 number, u32 abi)
{
	u32 key = abi * SYSCALLS_PER_ABI + number;

	if (abi == ABI_FOREIGN || number >= SYSCALLS_PER_ABI)
		return 0;
	struct syscall_shape *shape = bpf_map_lookup_elem(&shapes, &key);

	return shape && (shape->operation || shape->kind) ? shape : 0;
}

/* On entry: calls that end the life of something, or change how it stands, looked at while it is as it was. */
SEC("tp_btf/sys_enter")
int BPF_PROG(on_sys_enter, struct pt_regs *regs, long id)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	u32 abi = abi_of(task, id);
	struct syscall_shape *shape = shape_of(id, abi);

	if (!shape || (shape->kind < KIND_CLOSE && !changes_standing(shape->operation)))
		return 0;
	u32 pidns = watched(task);
	struct scratch *s = pidns ? take_scratch(pidns) : 0;

	if (!s)
		return 0;
	s->shape = *shape;
	read_arguments(s, regs, abi);
	switch (s->shape.kind) {
	case KIND_CLOSE:
		report_close(s, (u64)file_of(task, argument(s, s->shape.fd)));
		break;
	case KIND_CLOSE_RANGE:
		if (!(s->args[2] & CLOSE_RANGE_CLOEXEC))
			report_closes(s, s->args[0], s->args[1], 0);
		break;
	case KIND_EXEC:
		report_closes(s, 0, -1, 1);
		break;
	default:
		note_standing(s);
	}
	release_scratch(s);
	return 0;
}

__noinline int report_return(struct scratch *s, s64 result, u32 abi)
{
	if (!s)
		return 0;
	struct record_header *header = &s->record.header;
	struct task_struct *task = (void *)bpf_get_current_task();
	u32 flags = argument(s, s->shape.flags);

	switch (s->shape.kind) {
	case KIND_MAP:
		if (!(flags & MAP_SHARED))
			return 0;
	/* fall through */
	case KIND_WRITE:
	case KIND_ALLOCATE:
		return report_write(s, (u64)file_of(task, argument(s, s->shape.fd)));
	case KIND_OPEN:
	case KIND_OPEN_CREAT:
	case KIND_OPEN_HOW:
		if (s->shape.kind == KIND_OPEN_CREAT)
			flags = O_CREAT | O_TRUNC | O_WRONLY;
		if (s->shape.kind == KIND_OPEN_HOW)
			bpf_probe_read_user(&flags, sizeof(flags), (void *)s->args[2]);
		if (result >= 0)
			return report_open(s, (u64)file_of(task, result), flags);
		if (!report_failed_open(s, flags))
			return 0;
		header->flags = flags;
		header->result = result;
		header->abi = abi;
		put_walked(s, TAG_PATH);
		if (is_dropped(s))
			return 0;
		put_user_string(s, argument(s, s->shape.path), TAG_RAW);
		put_actor(s, (u64)task);
		emit(s);
		return 0;
	}
	begin(s, (u64)task, s->shape.operation);
	header->result = result;
	header->abi = abi;
	header->flags = flags;
	header->value = argument(s, s->shape.value);
	header->value2 = argument(s, s->shape.value2);
	if (s->shape.kind == KIND_EXEC)
		return report_failed_exec(s, abi == ABI_IA32 ? 4 : 8);
	if (s->shape.operation == OP_UNLINK && (flags & AT_REMOVEDIR))
		header->operation = OP_RMDIR;
	if (s->shape.fd >= 0)
		return report_descriptor(s);
	return report_named(s);
}

/* A process speaks to the kernel in a way whose numbers and arguments this sensor does not know. */
static __always_inline void report_foreign_abi(struct task_struct *task, u32 pidns)
{
	struct scratch *s = is_first(task, OP_FOREIGN_ABI) ? take_scratch(pidns) : 0;

	if (!s)
		return;
	begin(s, bpf_get_current_task(), OP_FOREIGN_ABI);
	put_actor(s, bpf_get_current_task());
	emit(s);
	release_scratch(s);
}

/* On return: what was done, or refused. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, long result)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	u32 number = number_of(regs), abi = abi_of(task, number);
	struct syscall_shape *shape = shape_of(number, abi);
	u32 pidns;

	if (abi == ABI_FOREIGN && (pidns = watched(task)))
		report_foreign_abi(task, pidns);
	if (!shape || shape->kind == KIND_CLOSE || shape->kind == KIND_CLOSE_RANGE)
		return 0;
	if (shape->kind == KIND_EXEC && result >= 0)
		return 0; /* on_exec saw it */
	if (shape->kind == KIND_WRITE && result <= 0)
		return 0;
	if ((shape->kind == KIND_ALLOCATE || shape->kind == KIND_MAP) && result < 0)
		return 0;
	pidns = watched(task);
	struct scratch *s = pidns ? take_scratch(pidns) : 0;

	if (!s)
		return 0;
	s->shape = *shape;
	read_arguments(s, regs, abi);
	report_return(s, result, abi);
	release_scratch(s);
	return 0;
}

/* ---- io_uring; loaded where the kernel has this tracepoint (Linux 6.4) ---- */

SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(on_io_uring, struct io_kiocb *request)
{
	u32 operation = requested_operation(BPF_CORE_READ(request, opcode));

	if (operation == OP_NONE)
		return 0;
	u32 pidns = watched((void *)bpf_get_current_task());
	struct scratch *s = pidns ? take_scratch(pidns) : 0;

	if (!s)
		return 0;
	report_request(s, address_in(ctx, 0), operation);
	release_scratch(s);
	return 0;
}
