// Open files: opened for writing, changed, closed.
#pragma once

#include "filter.bpf.h"

#define FMODE_WRITE 0x2
#define FMODE_CREATED 0x100000
#define FILES_MAX 65536 /* open files of one process looked through when it ends */

/* What is remembered of a file open for writing, to tell its first change, and at its close the last. */
struct open_mark {
	u64 opened; /* when, or last reported */
	u64 mtime, size;
	u32 written;
	u32 told; /* enum told_before */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, u64); /* struct file */
	__type(value, struct open_mark);
} open_marks SEC(".maps");

/* When a file was last written by a call that was seen, by inode. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, u64);
	__type(value, u64);
} seen_writes SEC(".maps");

static __always_inline void note_write(struct inode *inode)
{
	u64 key = (u64)inode, now = bpf_ktime_get_boot_ns();

	bpf_map_update_elem(&seen_writes, &key, &now, 0);
}

static __always_inline u64 change_time(struct inode *inode)
{
	struct inode___6_11 *now = (void *)inode;
	struct inode___6_7 *mid = (void *)inode;
	struct inode___old *old = (void *)inode;

	if (bpf_core_field_exists(now->i_mtime_sec))
		return BPF_CORE_READ(now, i_mtime_sec) * 1000000000ULL + BPF_CORE_READ(now, i_mtime_nsec);
	if (bpf_core_field_exists(mid->__i_mtime))
		return BPF_CORE_READ(mid, __i_mtime.tv_sec) * 1000000000ULL + BPF_CORE_READ(mid, __i_mtime.tv_nsec);
	return BPF_CORE_READ(old, i_mtime.tv_sec) * 1000000000ULL + BPF_CORE_READ(old, i_mtime.tv_nsec);
}

/* A regular file, open for writing: its inode; else 0. */
static __always_inline struct inode *written_inode(struct file *file)
{
	if (!file || !(BPF_CORE_READ(file, f_mode) & FMODE_WRITE))
		return 0;
	struct inode *inode = BPF_CORE_READ(file, f_inode);

	return (BPF_CORE_READ(inode, i_mode) & MODE_TYPE) == MODE_REGULAR ? inode : 0;
}

/* Adds the file's path and sends the record, unless the path is one to drop. */
static __always_inline void finish_file(struct scratch *s, struct file *file)
{
	put_file_path(s, file, TAG_PATH);
	if (is_dropped(s))
		return;
	put_actor(s, bpf_get_current_task());
	emit(s);
}

/* A write to this file succeeded, or it was mapped so that writing makes no call: tells the first one. */
__noinline int report_write(struct scratch *s, u64 file_address)
{
	struct file *file = (void *)file_address;

	if (!s)
		return 0;
	struct inode *inode = written_inode(file);
	struct open_mark *mark = bpf_map_lookup_elem(&open_marks, &file_address), fresh = {};

	if (!inode)
		return 0;
	note_write(inode);
	if (mark && mark->written)
		return 0;
	if (!mark) { /* opened before the target was watched */
		bpf_map_update_elem(&open_marks, &file_address, &fresh, 0);
		mark = bpf_map_lookup_elem(&open_marks, &file_address);
		if (!mark)
			return 0;
	}
	mark->written = 1;
	if (mark->told & TOLD_CREATE)
		return 0;
	mark->told |= TOLD_WRITE;
	begin(s, bpf_get_current_task(), OP_WRITE);
	put_inode(s, inode);
	finish_file(s, file);
	return 0;
}

/* ftruncate(2) has told the change itself; the close may follow it. */
static __always_inline void note_truncation(u64 file, struct inode *inode)
{
	note_write(inode);
	struct open_mark *mark = bpf_map_lookup_elem(&open_marks, &file);

	if (!mark)
		return;
	mark->written = 1;
	mark->told |= TOLD_WRITE;
}

/* open(2) and its kin gave this file. The flags are those that were asked for: the file forgets some. */
__noinline int report_open(struct scratch *s, u64 file_address, u32 flags)
{
	struct file *file = (void *)file_address;

	if (!s || !file)
		return 0;
	u32 mode = BPF_CORE_READ(file, f_mode);
	u32 created = !!(mode & FMODE_CREATED);
	struct inode *inode = BPF_CORE_READ(file, f_inode);

	if ((BPF_CORE_READ(inode, i_mode) & MODE_TYPE) != MODE_REGULAR)
		return 0;
	if (!(mode & (FMODE_WRITE | FMODE_CREATED))) {
		if ((flags & (O_TRUNC | O_PATH)) != O_TRUNC)
			return 0;
		note_write(inode); /* emptied without being open for writing */
		begin(s, bpf_get_current_task(), OP_TRUNCATE);
		put_inode(s, inode);
		finish_file(s, file);
		return 0;
	}
	u64 key = file_address;
	struct open_mark mark = {
		.opened = bpf_ktime_get_boot_ns(),
		.mtime = change_time(inode),
		.size = BPF_CORE_READ(inode, i_size),
		.told = created ? TOLD_CREATE : 0,
	};
	bpf_map_update_elem(&open_marks, &key, &mark, 0);
	begin(s, bpf_get_current_task(), created ? OP_CREATE : OP_OPEN_WRITE);
	s->record.header.flags = flags;
	put_inode(s, inode);
	finish_file(s, file);
	if (!created && (flags & O_TRUNC))
		report_write(s, file_address);
	return 0;
}

/* This file is being closed: reports it when its content changed since it was opened or last reported. */
__noinline int report_close(struct scratch *s, u64 file_address)
{
	struct file *file = (void *)file_address;

	if (!s)
		return 0;
	struct inode *inode = written_inode(file);
	struct open_mark *mark = bpf_map_lookup_elem(&open_marks, &file_address);

	if (!inode || !mark)
		return 0;
	u64 mtime = change_time(inode), size = BPF_CORE_READ(inode, i_size), key = (u64)inode;
	u64 *seen = bpf_map_lookup_elem(&seen_writes, &key);

	if (!mark->written) {
		if (mark->mtime == mtime && mark->size == size)
			return 0;
		if (seen && *seen >= mark->opened)
			return 0; /* somebody else's write, told as theirs */
	}
	u32 told_before = mark->told;

	mark->written = mark->told = 0;
	mark->mtime = mtime;
	mark->size = size;
	mark->opened = bpf_ktime_get_boot_ns();
	begin(s, bpf_get_current_task(), OP_CLOSE_WRITE);
	s->record.header.value = told_before;
	put_inode(s, inode);
	finish_file(s, file);
	return 0;
}

struct sweep {
	struct scratch *s;
	u64 table;
	u32 first, last;
	u32 only_close_on_exec;
};

static long look_at_fd(u32 i, struct sweep *sweep)
{
	struct fdtable *table = (void *)sweep->table;
	u32 fd = sweep->first + i;
	struct file *file = 0;

	if (fd > sweep->last)
		return 1;
	bpf_probe_read_kernel(&file, sizeof(file), BPF_CORE_READ(table, fd) + fd);
	if (!file)
		return 0;
	if (sweep->only_close_on_exec) {
		unsigned long bits = 0;

		bpf_probe_read_kernel(&bits, sizeof(bits), BPF_CORE_READ(table, close_on_exec) + fd / 64);
		if (!(bits >> (fd & 63) & 1))
			return 0;
	}
	report_close(sweep->s, (u64)file);
	return 0;
}

/* These open files of the current process are about to be closed. */
__noinline int report_closes(struct scratch *s, u32 first, u32 last, u32 only_close_on_exec)
{
	if (!s)
		return 0;
	struct task_struct *task = (void *)bpf_get_current_task();
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	u32 size = BPF_CORE_READ(table, max_fds);

	if (!table || first >= size)
		return 0;
	struct sweep sweep = { s, (u64)table, first, last < size ? last : size - 1, only_close_on_exec };

	bpf_loop(FILES_MAX, look_at_fd, &sweep, 0);
	return 0;
}
