// The processes that a target had before it was watched: without them lineage would begin in mid-air.
// The reader runs these programs by hand: first the list, then one after the other, which may sleep.
#pragma once

#include "process.bpf.h"

#define TASKS_MAX 262144
#define SNAPSHOT_MAX 16384

/* Host pids of the processes found. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SNAPSHOT_MAX);
	__type(key, u32);
	__type(value, u32);
} snapshot_pids SEC(".maps");

/* Begins the record of one living process; its arguments are still to come. */
__noinline int begin_alive(struct scratch *s, u64 address)
{
	if (!s)
		return 0;
	struct task_struct *task = (void *)address;

	begin(s, address, OP_ALIVE);
	s->record.header.argv_bytes = BPF_CORE_READ(task, mm, arg_end) - BPF_CORE_READ(task, mm, arg_start);
	put_path(s, (u64)BPF_CORE_READ(task, fs, pwd.dentry), (u64)BPF_CORE_READ(task, fs, pwd.mnt), TAG_CWD);
	put_actor(s, address);
	return 0;
}

struct census {
	u64 node;
	u32 pidns, count, report;
};

static long look_at_task(u32 i, struct census *census)
{
	struct task_struct *task = (void *)census->node - bpf_core_field_offset(struct task_struct, tasks);
	u32 key = census->count, pid = BPF_CORE_READ(task, tgid);

	if (i && task == (void *)bpf_get_current_task())
		return 1; /* all the way round */
	census->node = (u64)BPF_CORE_READ(task, tasks.next);
	if (!BPF_CORE_READ(task, thread_pid) || watched(task) != census->pidns || key >= SNAPSHOT_MAX)
		return 0;
	bpf_map_update_elem(&snapshot_pids, &key, &pid, 0);
	census->count++;
	struct scratch *s = census->report ? take_scratch(census->pidns) : 0;

	if (s) {
		begin_alive(s, (u64)task);
		emit(s);
		release_scratch(s);
	}
	return 0;
}

/* Lists the processes of the target given as the first argument; gives their number. The second asks to report
 * them at once, without their arguments, which only a program that may sleep can read. */
SEC("raw_tp")
int list_processes(struct bpf_raw_tracepoint_args *context)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct census census = {
		.node = (u64)task + bpf_core_field_offset(struct task_struct, tasks),
		.pidns = context->args[0],
		.report = context->args[1],
	};

	bpf_loop(TASKS_MAX, look_at_task, &census, 0);
	return census.count;
}

struct alive_request {
	u32 pidns, pid;
};

struct task_struct *bpf_task_from_pid(s32 pid) __ksym __weak;
void bpf_task_release(struct task_struct *task) __ksym __weak;

/* Sends the record of one living process. Loaded where the kernel can find a task by its number (Linux 6.2). */
SEC("syscall")
int report_alive(struct alive_request *request)
{
	struct task_struct *task = bpf_task_from_pid(request->pid);

	if (!task)
		return 0;
	struct scratch *s = watched(task) == request->pidns ? take_scratch(request->pidns) : 0;

	if (!s) {
		bpf_task_release(task);
		return 0;
	}
	u64 from = BPF_CORE_READ(task, mm, arg_start), to = BPF_CORE_READ(task, mm, arg_end);

	/* the same address as `task`, but a number to the verifier: only such may be passed on */
	begin_alive(s, (u64)BPF_CORE_READ(task, group_leader));
	int at = open_string(&s->record);
	u32 length = at_most(to - from > PATH_BYTES ? PATH_BYTES : to - from, PATH_BYTES);

	if (at >= 0 && from < to) {
		at &= DATA_BYTES - 4;
		if (!bpf_copy_from_user_task(s->record.data + at + 4, length, (void *)from, task, 0))
			close_string(&s->record, at, TAG_ARGV, length);
	}
	emit(s);
	release_scratch(s);
	bpf_task_release(task);
	return 1;
}
