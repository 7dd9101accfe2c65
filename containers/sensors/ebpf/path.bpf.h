// From the kernel's objects to a path below the container's root.
#pragma once

#include "flags.h"
#include "identity.bpf.h"

#define PATH_DEPTH 256 /* names and mounts on the way to the root */

static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

static __always_inline struct vfsmount *vfsmount_of(struct mount *mount)
{
	return (void *)mount + bpf_core_field_offset(struct mount, mnt);
}

/* Below the root of a mount namespace? Internal mounts have none, or an error number in its place. */
static __always_inline bool is_attached(struct mount *mount)
{
	u64 namespace = (u64)BPF_CORE_READ(mount, mnt_ns);

	return namespace && namespace < (u64)-4095;
}

struct climb {
	struct scratch *s;
	u64 dentry, mnt;
};

/* One name, or one mount, towards the root; gives 1 at the top. */
static long climb_once(u32 i, struct climb *climb)
{
	struct scratch *s = climb->s;
	struct dentry *dentry = (void *)climb->dentry;
	struct vfsmount *mnt = (void *)climb->mnt;

	if (!mnt && dentry == BPF_CORE_READ(dentry, d_parent))
		return 1;
	if (mnt && dentry == BPF_CORE_READ(mnt, mnt_root)) {
		struct mount *mount = mount_of(mnt), *above = BPF_CORE_READ(mount, mnt_parent);

		if (mount == above) {
			if (!is_attached(mount))
				s->path_facts |= PATH_DETACHED;
			return 1;
		}
		climb->dentry = (u64)BPF_CORE_READ(mount, mnt_mountpoint);
		climb->mnt = (u64)vfsmount_of(above);
		return 0;
	}
	u32 length = at_most(BPF_CORE_READ(dentry, d_name.len), 255), at = s->path_at;

	if (at <= length) {
		s->path_facts |= PATH_TRUNCATED;
		return 1;
	}
	at -= length;
	bpf_probe_read_kernel(s->path + (at & (PATH_BYTES - 1)), length, BPF_CORE_READ(dentry, d_name.name));
	at--;
	s->path[at & (PATH_BYTES - 1)] = '/';
	s->path_at = at;
	climb->dentry = (u64)BPF_CORE_READ(dentry, d_parent);
	if (climb->dentry == (u64)dentry) { /* a file of its own without a directory: memfd */
		s->path_facts |= PATH_DETACHED;
		return 1;
	}
	return 0;
}

/* Builds in s->path the path of (dentry, mnt), followed by the walk's tail. The way goes up to the root of the
 * mount namespace, not of the process: a chroot does not hide where a file really is. Without a mount it goes up
 * to the root of the file system. */
__noinline int build_path(struct scratch *s, u64 dentry_address, u64 mnt_address)
{
	if (!s)
		return 0;
	struct dentry *dentry = (void *)dentry_address;
	struct climb climb = { s, dentry_address, mnt_address };
	u32 tail = at_most(s->walk.tail_length, PATH_BYTES - 1), at = PATH_BYTES - 1 - tail;

	s->path_facts = 0;
	s->path_at = PATH_BYTES;
	if (tail) {
		s->path[at & (PATH_BYTES - 1)] = '/';
		s->path_at = at;
		bpf_probe_read_kernel(s->path + ((at + 1) & (PATH_BYTES - 1)), tail,
				      s->walk.text + (s->walk.tail_at & (TEXT_BYTES - 1)));
	} else if (dentry != BPF_CORE_READ(dentry, d_parent) && !BPF_CORE_READ(dentry, d_hash.pprev)) {
		s->path_facts |= PATH_DELETED;
	}
	bpf_loop(PATH_DEPTH, climb_once, &climb, 0);
	if (s->path_at >= PATH_BYTES) {
		s->path_at = PATH_BYTES - 1;
		s->path[PATH_BYTES - 1] = '/';
	}
	return 0;
}

/* Copies the built path into the record. */
static __always_inline void put_built_path(struct scratch *s, u32 tag)
{
	int place = open_string(&s->record);
	u32 at = s->path_at, length = at_most(PATH_BYTES - at, PATH_BYTES);

	if (place < 0)
		return;
	place &= DATA_BYTES - 4;
	s->record.data[place + 4] = s->path_facts;
	bpf_probe_read_kernel(s->record.data + place + 5, length, s->path + (at & (PATH_BYTES - 1)));
	close_string(&s->record, place, tag, length + 1);
}

/* Adds the path of an object; it stays in s->path too. */
__noinline int put_path(struct scratch *s, u64 dentry, u64 mnt, u32 tag)
{
	if (!s)
		return 0;
	s->walk.tail_length = 0;
	build_path(s, dentry, mnt);
	put_built_path(s, tag);
	return 0;
}

static __always_inline void put_file_path(struct scratch *s, struct file *file, u32 tag)
{
	put_path(s, (u64)BPF_CORE_READ(file, f_path.dentry), (u64)BPF_CORE_READ(file, f_path.mnt), tag);
}

static __always_inline void put_exe(struct scratch *s, struct task_struct *task, u32 tag)
{
	struct file *file = BPF_CORE_READ(task, mm, exe_file);

	if (file)
		put_file_path(s, file, tag);
}

/* Executables of the process and of its parent, and its control group: what every record ends with. */
__noinline int put_actor(struct scratch *s, u64 task_address)
{
	if (!s)
		return 0;
	struct task_struct *task = (void *)task_address;

	put_exe(s, task, TAG_EXE);
	put_exe(s, BPF_CORE_READ(task, real_parent), TAG_PARENT_EXE);
	put_cgroup(s, task);
	return 0;
}

static __always_inline void put_inode(struct scratch *s, struct inode *inode)
{
	struct record_header *header = &s->record.header;

	header->mode = BPF_CORE_READ(inode, i_mode);
	header->owner = BPF_CORE_READ(inode, i_uid.val);
	header->owner_group = BPF_CORE_READ(inode, i_gid.val);
	header->inode = BPF_CORE_READ(inode, i_ino);
	header->size = BPF_CORE_READ(inode, i_size);
	bpf_probe_read_kernel_str(header->fs, sizeof(header->fs), BPF_CORE_READ(inode, i_sb, s_type, name));
}
