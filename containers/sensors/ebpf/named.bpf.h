// System calls that act on a name or on a descriptor and leave nothing open: rename, unlink, chmod, mount…
#pragma once

#include "change.bpf.h"
#include "walk.bpf.h"

static __always_inline u64 argument(struct scratch *s, int number)
{
	return number < 0 ? 0 : s->args[number & 7];
}

static __always_inline int directory(struct scratch *s, int number)
{
	return number < 0 ? AT_FDCWD : (int)argument(s, number);
}

static __always_inline u32 follows(struct scratch *s)
{
	u64 flags = argument(s, s->shape.flags);

	switch (s->shape.follow) {
	case FOLLOW_ALWAYS:
		return 1;
	case FOLLOW_UNLESS_FLAG:
		return !(flags & AT_SYMLINK_NOFOLLOW);
	case FOLLOW_IF_FLAG:
		return !!(flags & AT_SYMLINK_FOLLOW);
	default:
		return 0;
	}
}

/* The object that now carries a name of a successful call: the walk stopped before it. */
static __always_inline void put_new_inode(struct scratch *s)
{
	if (s->walk.state != ARRIVED || !s->walk.tail_length || s->record.header.result < 0)
		return;
	find_child(s);
	struct dentry *child = (void *)s->walk.found;

	if (child)
		put_inode(s, BPF_CORE_READ(child, d_inode));
}

/* What is mounted: as it was given, and where that lies if it is a part of the tree already. */
static __always_inline void put_mount_source(struct scratch *s)
{
	put_user_string(s, s->args[0], TAG_SOURCE);
	put_user_string(s, s->args[2], TAG_FSTYPE);
	if (s->args[3] & (MS_BIND | MS_MOVE)) {
		resolve(s, AT_FDCWD, s->args[0], 1);
		put_walked(s, TAG_PATH2);
	}
}

/* What move_mount(2) attaches, as its path inside its own file system: a part of the tree that was bound has it
 * from there, and no other. */
static __always_inline void put_moved_source(struct scratch *s)
{
	resolve(s, s->args[0], s->args[1], 1);
	put_path(s, s->walk.dentry, 0, TAG_SOURCE_PATH);
}

/* ---- mode and owner as they were before a call that changes them ---- */

struct standing {
	u64 inode;
	u32 mode, owner, owner_group;
};

/* By thread. What a call that is killed leaves is overwritten by the thread's next one, or pushed out. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u64);
	__type(value, struct standing);
} standings SEC(".maps");

static __always_inline u32 changes_standing(u32 operation)
{
	return operation == OP_CHMOD || operation == OP_CHOWN;
}

/* Such a call begins. A name that the directory cache does not have yet is not found: then nothing is known. */
__noinline int note_standing(struct scratch *s)
{
	if (!s)
		return 0;
	u64 thread = bpf_get_current_pid_tgid();
	struct inode *inode = 0;

	if (s->shape.fd >= 0) {
		struct file *file = file_of((void *)bpf_get_current_task(), argument(s, s->shape.fd));

		inode = file ? BPF_CORE_READ(file, f_inode) : 0;
	} else {
		resolve(s, directory(s, s->shape.dirfd), argument(s, s->shape.path), follows(s));
		if (s->walk.state == ARRIVED)
			inode = walked_inode(s);
	}
	if (!inode) {
		bpf_map_delete_elem(&standings, &thread);
		return 0;
	}
	struct standing standing = {
		.inode = (u64)inode,
		.mode = BPF_CORE_READ(inode, i_mode),
		.owner = BPF_CORE_READ(inode, i_uid.val),
		.owner_group = BPF_CORE_READ(inode, i_gid.val),
	};

	bpf_map_update_elem(&standings, &thread, &standing, 0);
	return 0;
}

/* It has returned, and was about this object: another one if the name has been given to another meanwhile. */
static __always_inline void put_standing(struct scratch *s, struct inode *inode)
{
	u64 thread = bpf_get_current_pid_tgid();
	struct standing *standing = bpf_map_lookup_elem(&standings, &thread);

	if (!standing)
		return;
	if (standing->inode == (u64)inode && s->record.header.result >= 0) {
		s->record.header.old_mode = standing->mode;
		s->record.header.old_owner = standing->owner;
		s->record.header.old_owner_group = standing->owner_group;
	}
	bpf_map_delete_elem(&standings, &thread);
}

/* A named call returned: resolves its paths, then sends it. */
__noinline int report_named(struct scratch *s)
{
	if (!s)
		return 0;
	u32 operation = s->shape.operation, dropped;

	if (operation == OP_MOUNT)
		put_mount_source(s);
	if (operation == OP_MOVE_MOUNT)
		put_moved_source(s);
	if (operation == OP_SYMLINK)
		put_user_string(s, argument(s, s->shape.path2), TAG_TARGET);
	resolve(s, directory(s, s->shape.dirfd), argument(s, s->shape.path), follows(s));
	if ((operation == OP_CHROOT || operation == OP_PIVOT_ROOT) && s->record.header.result >= 0)
		arrive_at_root(s); /* the path led there from the old root */
	if (walked_inode(s)) {
		put_inode(s, walked_inode(s));
		if (operation == OP_TRUNCATE && s->record.header.result >= 0)
			note_write(walked_inode(s));
		if (changes_standing(operation))
			put_standing(s, walked_inode(s));
	} else if (operation == OP_MKDIR || operation == OP_SYMLINK || operation == OP_MKNOD || operation == OP_LINK) {
		put_new_inode(s);
	}
	put_walked(s, TAG_PATH);
	dropped = is_dropped(s);
	put_user_string(s, argument(s, s->shape.path), TAG_RAW);
	if (s->shape.path2 >= 0 && operation != OP_SYMLINK) {
		resolve(s, directory(s, s->shape.dirfd2), argument(s, s->shape.path2), operation == OP_MOVE_MOUNT);
		if (operation == OP_RENAME)
			put_new_inode(s);
		put_walked(s, TAG_PATH2);
		dropped &= is_dropped(s);
		put_user_string(s, argument(s, s->shape.path2), TAG_RAW2);
	}
	if (dropped)
		return 0;
	put_actor(s, bpf_get_current_task());
	emit(s);
	return 0;
}

/* fchmod, fchown, ftruncate returned. */
__noinline int report_descriptor(struct scratch *s)
{
	if (!s)
		return 0;
	struct file *file = file_of((void *)bpf_get_current_task(), argument(s, s->shape.fd));

	if (!file)
		return 0;
	put_inode(s, BPF_CORE_READ(file, f_inode));
	if (changes_standing(s->shape.operation))
		put_standing(s, BPF_CORE_READ(file, f_inode));
	put_file_path(s, file, TAG_PATH);
	if ((s->path_facts & PATH_DETACHED) && (s->record.header.mode & MODE_TYPE) != MODE_REGULAR)
		return 0; /* a pipe or a socket */
	if (is_dropped(s))
		return 0;
	put_actor(s, bpf_get_current_task());
	emit(s);
	if (s->shape.operation == OP_TRUNCATE && s->record.header.result >= 0)
		note_truncation((u64)file, BPF_CORE_READ(file, f_inode));
	return 0;
}

/* An open that could have changed something was refused. */
__noinline int report_failed_open(struct scratch *s, u32 flags)
{
	if (!s)
		return 0;
	if (s->shape.path < 0 || !(flags & (O_ACCMODE | O_CREAT | O_TRUNC)))
		return 0;
	resolve(s, directory(s, s->shape.dirfd), argument(s, s->shape.path), 1);
	struct inode *inode = walked_inode(s);

	u32 creates = (flags & O_CREAT) && (!inode || (flags & O_EXCL));

	begin(s, bpf_get_current_task(), creates ? OP_CREATE : OP_OPEN_WRITE);
	if (inode) {
		if ((BPF_CORE_READ(inode, i_mode) & MODE_TYPE) != MODE_REGULAR)
			return 0;
		put_inode(s, inode);
	}
	return 1;
}
