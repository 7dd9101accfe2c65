// Follows a path that a process gave, through the kernel's own directory cache: symbolic links, mounts, `..`.
// System calls that act on a name (rename, unlink, mkdir…) leave no open file behind to ask for its path. When
// they return, every directory on the way has just been looked up, so it is in the cache.
#pragma once

#include "link.bpf.h"

/* The walk ends here; text[from..end) stays behind the dentry as it is. */
static __always_inline int stop_walk(struct walk *walk, u32 state, u32 from)
{
	walk->state = state;
	walk->tail_at = from;
	walk->tail_length = walk->end > from ? walk->end - from : 0;
	return 1;
}

/* walk.name has been read up to text[name_end]: goes there. Gives 1 when the walk is over. */
__noinline int enter_name(struct scratch *s, u32 name_end)
{
	if (!s)
		return 1;
	struct walk *walk = &s->walk;
	u32 length = walk->name_length, from = name_end - length;
	u32 last = name_end >= walk->end;

	if (length == 1 && walk->name[0] == '.') {
		walk->name_length = 0;
		return last ? stop_walk(walk, ARRIVED, walk->end) : 0;
	}
	if (length == 2 && walk->name[0] == '.' && walk->name[1] == '.') {
		walk->name_length = 0;
		go_up(s);
		return last ? stop_walk(walk, ARRIVED, walk->end) : 0;
	}
	if (last && !walk->follow_last)
		return stop_walk(walk, ARRIVED, from);
	find_child(s);
	if (!walk->found)
		return stop_walk(walk, last ? ARRIVED : STUCK, from);

	struct dentry *child = (void *)walk->found;
	struct inode *inode = BPF_CORE_READ(child, d_inode);

	if ((BPF_CORE_READ(inode, i_mode) & MODE_TYPE) == MODE_LINK) {
		u32 followed = BPF_CORE_READ(inode, i_sb, s_magic) == PROC_MAGIC
				       ? follow_proc_link(s, (u64)inode, name_end)
				       : follow_link(s, (u64)inode, name_end);

		walk->name_length = 0;
		if (!followed)
			return stop_walk(walk, STUCK, from);
		return walk->at >= walk->end ? stop_walk(walk, ARRIVED, walk->end) : 0;
	}
	walk->dentry = walk->found;
	walk->name_length = 0;
	cross_mounts(s);
	return last ? stop_walk(walk, ARRIVED, walk->end) : 0;
}

struct stroll {
	struct scratch *s;
};

/* One byte of the path. */
static long step(u32 i, struct stroll *stroll)
{
	struct walk *walk = &stroll->s->walk;
	u32 at = walk->at;

	if (at >= walk->end) {
		if (walk->name_length)
			return enter_name(stroll->s, at) || walk->at >= walk->end;
		return stop_walk(walk, ARRIVED, walk->end);
	}
	char letter = walk->text[at & (TEXT_BYTES - 1)];

	if (letter == '/') {
		/* entering may put a link's text in front of this slash: then the walk goes on there */
		if (walk->name_length)
			return enter_name(stroll->s, at) || (walk->at == at ? (walk->at = at + 1, 0) : 0);
		walk->at = at + 1;
		return 0;
	}
	if (walk->name_length >= 255)
		return stop_walk(walk, STUCK, at - walk->name_length);
	walk->name[walk->name_length & 255] = letter;
	walk->name_length++;
	walk->at = at + 1;
	return 0;
}

/* Follows walk.text from (walk.dentry, walk.mnt) on. */
static __always_inline void take_walk(struct scratch *s)
{
	struct stroll stroll = { s };
	struct walk *walk = &s->walk;

	for (int i = 0; i < 16 && walk->end > walk->at + 1; i++) { /* `mkdir name/` */
		if (walk->text[(walk->end - 1) & (TEXT_BYTES - 1)] != '/')
			break;
		walk->end--;
	}
	if (walk->at < walk->end && walk->text[walk->at & (TEXT_BYTES - 1)] == '/') {
		walk->dentry = walk->root_dentry;
		walk->mnt = walk->root_mnt;
	}
	walk->state = WALKING;
	walk->name_length = walk->links = walk->tail_length = 0;
	walk->found = 0;
	bpf_loop(TEXT_BYTES, step, &stroll, 0);
	if (walk->state == WALKING)
		stop_walk(walk, STUCK, walk->at);
}

/* Follows walk.text[PATH_BYTES..PATH_BYTES + length), given by the current process relative to `dirfd`. */
static __always_inline void resolve_text(struct scratch *s, int dirfd, long length, u32 follow_last)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct file *file = dirfd >= 0 ? file_of(task, dirfd) : 0;
	struct walk *walk = &s->walk;

	walk->root_dentry = (u64)BPF_CORE_READ(fs, root.dentry);
	walk->root_mnt = (u64)BPF_CORE_READ(fs, root.mnt);
	if (file) {
		walk->dentry = (u64)BPF_CORE_READ(file, f_path.dentry);
		walk->mnt = (u64)BPF_CORE_READ(file, f_path.mnt);
	} else {
		walk->dentry = (u64)BPF_CORE_READ(fs, pwd.dentry);
		walk->mnt = (u64)BPF_CORE_READ(fs, pwd.mnt);
	}
	walk->follow_last = follow_last;
	walk->at = PATH_BYTES;
	walk->end = PATH_BYTES + length;
	take_walk(s);
	if (!file && dirfd != AT_FDCWD && walk->text[PATH_BYTES] != '/')
		walk->state = STUCK; /* relative to nothing */
}

/* The current process gave `path` (in its memory), relative to `dirfd`. Leaves (walk.dentry, walk.mnt) and the
 * tail that is behind it: the last name unless it was followed, more of it when the walk got stuck. */
__noinline int resolve(struct scratch *s, int dirfd, u64 path, u32 follow_last)
{
	if (!s)
		return 0;
	long length = bpf_probe_read_user_str(s->walk.text + PATH_BYTES, PATH_BYTES, (void *)path);

	resolve_text(s, dirfd, length > 1 ? length - 1 : 0, follow_last);
	return 0;
}

/* The same for a path that the kernel has already copied. */
__noinline int resolve_copied(struct scratch *s, int dirfd, u64 path)
{
	if (!s)
		return 0;
	long length = bpf_probe_read_kernel_str(s->walk.text + PATH_BYTES, PATH_BYTES, (void *)path);

	resolve_text(s, dirfd, length > 1 ? length - 1 : 0, 0);
	return 0;
}

/* As if the walk had led to the root of the process. */
static __always_inline void arrive_at_root(struct scratch *s)
{
	s->walk.dentry = s->walk.root_dentry;
	s->walk.mnt = s->walk.root_mnt;
	stop_walk(&s->walk, ARRIVED, s->walk.end);
}

/* Adds where the walk arrived; it stays in s->path too. */
__noinline int put_walked(struct scratch *s, u32 tag)
{
	if (!s)
		return 0;
	build_path(s, s->walk.dentry, s->walk.mnt);
	if (s->walk.state == STUCK)
		s->path_facts |= PATH_UNRESOLVED;
	put_built_path(s, tag);
	return 0;
}

/* The object at the end of the walk; 0 when it does not exist or was not looked for. */
static __always_inline struct inode *walked_inode(struct scratch *s)
{
	struct dentry *dentry = (void *)s->walk.dentry;

	return s->walk.tail_length ? 0 : BPF_CORE_READ(dentry, d_inode);
}
