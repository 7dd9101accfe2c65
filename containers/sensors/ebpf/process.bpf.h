// Processes: started, replaced by a program, ended; and programs that could not be started.
#pragma once

#include "walk.bpf.h"

#define ARGV_PIECES 32 /* of PATH_BYTES: 128 KiB, the longest single argument the kernel takes */
#define FAILED_ARGS_MAX 256

/* Processes of which something was said that is to be said once: that it ended, that it uses a foreign ABI. */
struct once_key {
	u64 start;
	u32 pid, operation;
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct once_key);
	__type(value, u32);
} told SEC(".maps");

/* Is this the first time for this process? */
static __always_inline u32 is_first(struct task_struct *task, u32 operation)
{
	struct once_key key = {
		.start = BPF_CORE_READ(task, group_leader, start_boottime),
		.pid = BPF_CORE_READ(task, tgid),
		.operation = operation,
	};
	u32 one = 1;

	return !bpf_map_update_elem(&told, &key, &one, BPF_NOEXIST);
}

/* The arguments of the current process lie in its memory one behind the other. Sends what does not fit into
 * the record as further records. */
__noinline int put_argv(struct scratch *s, u64 from, u64 to)
{
	if (!s)
		return 0;
	for (int piece = 0; piece < ARGV_PIECES && from < to; piece++) {
		u32 length = at_most(to - from > PATH_BYTES ? PATH_BYTES : to - from, PATH_BYTES);
		int at = open_string(&s->record);

		if (at < 0) {
			s->record.header.flags = ARGV_GOES_ON;
			emit(s);
			s->record.header.flags = 0;
			s->record.header.operation = OP_ARGV_MORE;
			s->record.header.length = 0;
			at = 0;
		}
		at &= DATA_BYTES - 4;
		if (bpf_probe_read_user(s->record.data + at + 4, length, (void *)from))
			break;
		close_string(&s->record, at, TAG_ARGV, length);
		from += length;
	}
	return 0;
}

/* The program of the current process was replaced. */
__noinline int report_exec(struct scratch *s, u64 program_address)
{
	if (!s)
		return 0;
	struct task_struct *task = (void *)bpf_get_current_task();
	struct linux_binprm *program = (void *)program_address;
	struct file *file = BPF_CORE_READ(program, file);
	struct record_header *header = &s->record.header;
	u64 from = BPF_CORE_READ(task, mm, arg_start), to = BPF_CORE_READ(task, mm, arg_end);

	begin(s, (u64)task, OP_EXEC);
	header->argc = BPF_CORE_READ(program, argc);
	header->argv_bytes = to - from;
	put_inode(s, BPF_CORE_READ(file, f_inode));
	put_kernel_string(s, BPF_CORE_READ(program, filename), TAG_FILENAME);
	if (BPF_CORE_READ(program, interp) != BPF_CORE_READ(program, filename))
		put_kernel_string(s, BPF_CORE_READ(program, interp), TAG_INTERPRETER);
	put_path(s, (u64)BPF_CORE_READ(task, fs, pwd.dentry), (u64)BPF_CORE_READ(task, fs, pwd.mnt), TAG_CWD);
	put_actor(s, (u64)task);
	put_argv(s, from, to);
	emit(s);
	return 0;
}

/* execve(2) or execveat(2) was refused: its arguments still lie where the caller put them. */
__noinline int report_failed_exec(struct scratch *s, u32 pointer_size)
{
	if (!s)
		return 0;
	struct task_struct *task = (void *)bpf_get_current_task();
	u64 list = s->args[s->shape.path2 & 7];
	u32 count = 0;

	put_user_string(s, s->args[s->shape.path & 7], TAG_FILENAME);
	resolve(s, s->shape.dirfd < 0 ? AT_FDCWD : (int)s->args[s->shape.dirfd & 7], s->args[s->shape.path & 7], 1);
	if (walked_inode(s))
		put_inode(s, walked_inode(s));
	put_walked(s, TAG_PATH);
	put_path(s, (u64)BPF_CORE_READ(task, fs, pwd.dentry), (u64)BPF_CORE_READ(task, fs, pwd.mnt), TAG_CWD);
	put_actor(s, (u64)task);
	for (int i = 0; i < FAILED_ARGS_MAX; i++) {
		u64 text = 0;
		int at = open_string(&s->record);

		if (at < 0 || bpf_probe_read_user(&text, pointer_size & 8 ? 8 : 4, (void *)list) || !text)
			break;
		at &= DATA_BYTES - 4;
		int length = bpf_probe_read_user_str(s->record.data + at + 4, PATH_BYTES, (void *)text);

		if (length <= 0)
			break;
		close_string(&s->record, at, TAG_ARGV, length);
		list += pointer_size & 8 ? 8 : 4;
		count++;
	}
	s->record.header.argc = count;
	emit(s);
	return 0;
}
