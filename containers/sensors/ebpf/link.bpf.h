// Where a symbolic link leads: to a text, or, below /proc, to an object.
#pragma once

#include "lookup.bpf.h"

#define LINKS_MAX 40 /* as the kernel */
#define OVERLAY_MAGIC 0x794c7630
#define PROC_MAGIC 0x9fa0
#define XFS_MAGIC 0x58465342
#define XFS_FORMAT_LOCAL 1

/* ---- symbolic links ---- */

/* Below an overlay: the inode of the file system that has the link. */
static __always_inline struct inode *below_overlay(struct inode *inode)
{
	struct ovl_inode *overlay = (void *)inode - bpf_core_field_offset(struct ovl_inode, vfs_inode);
	struct ovl_inode___6_0 *mid = (void *)overlay;
	struct ovl_inode___old *old = (void *)overlay;
	struct dentry *dentry = BPF_CORE_READ(overlay, __upperdentry);

	if (!dentry && bpf_core_field_exists(mid->lowerpath))
		dentry = BPF_CORE_READ(mid, lowerpath.dentry);
	if (!dentry && bpf_core_field_exists(old->lower))
		return BPF_CORE_READ(old, lower);
	if (!dentry && bpf_core_field_exists(overlay->oe)) {
		struct ovl_entry *entry = BPF_CORE_READ(overlay, oe);

		bpf_core_read(&dentry, sizeof(dentry), &entry->__lowerstack[0].dentry);
	}
	return BPF_CORE_READ(dentry, d_inode);
}

static __always_inline const char *xfs_link_text(struct inode *inode)
{
	struct xfs_inode *xfs = (void *)inode - bpf_core_field_offset(struct xfs_inode, i_vnode);
	struct xfs_ifork *fork = &xfs->i_df;
	struct xfs_ifork___old *old = (void *)fork;

	if (BPF_CORE_READ(fork, if_format) != XFS_FORMAT_LOCAL)
		return 0;
	return bpf_core_field_exists(old->if_u1.if_data) ? BPF_CORE_READ(old, if_u1.if_data)
							 : BPF_CORE_READ(fork, if_data);
}

/* Text of a link; 0 where the file system keeps it out of reach: btrfs, and ext4 from 60 bytes on. */
static __always_inline const char *link_text(struct inode *inode)
{
	if (BPF_CORE_READ(inode, i_sb, s_magic) == OVERLAY_MAGIC && bpf_core_type_exists(struct ovl_inode))
		inode = below_overlay(inode);
	if (BPF_CORE_READ(inode, i_sb, s_magic) == XFS_MAGIC && bpf_core_type_exists(struct xfs_inode))
		return xfs_link_text(inode);
	return BPF_CORE_READ(inode, i_link);
}

/* Puts the link's text in front of text[rest..]; gives 0 when it cannot. */
__noinline int follow_link(struct scratch *s, u64 inode_address, u32 rest)
{
	if (!s)
		return 0;
	struct walk *walk = &s->walk;
	const char *text = link_text((void *)inode_address);

	if (!text || ++walk->links > LINKS_MAX)
		return 0;
	int length = bpf_probe_read_kernel_str(s->path, PATH_BYTES, text);

	if (length <= 1)
		return 0;
	u32 bytes = (length - 1) & (PATH_BYTES - 1);

	if (bytes > rest)
		return 0;
	walk->at = rest - bytes;
	bpf_probe_read_kernel(walk->text + (walk->at & (TEXT_BYTES - 1)), bytes, s->path);
	if (s->path[0] == '/') {
		walk->dentry = walk->root_dentry;
		walk->mnt = walk->root_mnt;
	}
	return 1;
}

/* ---- the links of /proc, which lead to objects ---- */

static __always_inline u32 name_is(struct walk *walk, const char *name, u32 length)
{
	if (walk->name_length != length)
		return 0;
	for (u32 i = 0; i < length; i++)
		if (walk->name[i] != name[i])
			return 0;
	return 1;
}
#define NAME_IS(walk, text) name_is(walk, text, sizeof(text) - 1)

static __always_inline u32 is_number(struct walk *walk)
{
	for (u32 i = 0; i < 10 && i < walk->name_length; i++)
		if (walk->name[i] < '0' || walk->name[i] > '9')
			return 0;
	return walk->name_length > 0 && walk->name_length <= 10;
}

/* Writes a number in front of text[at..]; gives where it begins. */
static __always_inline u32 prepend_number(struct walk *walk, u32 at, u32 number)
{
	for (int i = 0; i < 10; i++) {
		walk->text[--at & (TEXT_BYTES - 1)] = '0' + number % 10;
		number /= 10;
		if (!number)
			break;
	}
	return at;
}

static __always_inline void go_to(struct walk *walk, struct path *path)
{
	walk->dentry = (u64)BPF_CORE_READ(path, dentry);
	walk->mnt = (u64)BPF_CORE_READ(path, mnt);
}

/* /proc/self, and root, cwd, exe and fd/N of a process; what follows is text[rest..]. Gives 0 for other links. */
__noinline int follow_proc_link(struct scratch *s, u64 inode_address, u32 rest)
{
	if (!s)
		return 0;
	struct walk *walk = &s->walk;
	struct inode *inode = (void *)inode_address;
	struct proc_inode *proc = (void *)inode - bpf_core_field_offset(struct proc_inode, vfs_inode);

	if (rest < 64 || ++walk->links > LINKS_MAX)
		return 0;
	if (NAME_IS(walk, "self")) {
		struct proc_fs_info *info = BPF_CORE_READ(inode, i_sb, s_fs_info);
		struct task_struct *leader = (void *)BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), group_leader);

		walk->at = prepend_number(walk, rest, number_in(leader, BPF_CORE_READ(info, pid_ns, ns.inum)));
		return 1;
	}
	struct hlist_node *node = BPF_CORE_READ(proc, pid, tasks[0].first);
	struct task_struct *task = (void *)node - bpf_core_field_offset(struct task_struct, pid_links);
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct file *file = 0;

	if (!node)
		return 0;
	if (NAME_IS(walk, "root"))
		go_to(walk, &fs->root);
	else if (NAME_IS(walk, "cwd"))
		go_to(walk, &fs->pwd);
	else if (NAME_IS(walk, "exe"))
		file = BPF_CORE_READ(task, mm, exe_file);
	else if (is_number(walk))
		file = file_of(task, BPF_CORE_READ(proc, fd));
	else
		return 0;
	if (file)
		go_to(walk, &file->f_path);
	walk->at = rest;
	return 1;
}
