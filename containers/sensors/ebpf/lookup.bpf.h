// One step in the tree, from the kernel's own directory cache: a name, what is mounted there, `..`.
#pragma once

#include "path.bpf.h"

#define CHILDREN_MAX 16384 /* cached names looked through in one directory */
#define MOUNTS_MAX 256     /* mounts looked through below one mount */
#define D_MOUNTED_BEFORE_ENUM 0x10000

/* ---- one name in one directory ---- */

struct search {
	struct scratch *s;
	u64 node, end; /* in the parent's list of children */
	u32 link_offset;
};

static long look_at_child(u32 i, struct search *search)
{
	struct walk *walk = &search->s->walk;

	if (!search->node || search->node == search->end)
		return 1;
	struct dentry *dentry = (void *)(search->node - search->link_offset);
	u32 length = BPF_CORE_READ(dentry, d_name.len);

	bpf_probe_read_kernel(&search->node, sizeof(search->node), (void *)search->node);
	if (length != walk->name_length || !BPF_CORE_READ(dentry, d_hash.pprev) || !BPF_CORE_READ(dentry, d_inode))
		return 0;
	bpf_probe_read_kernel(walk->candidate, length & 255, BPF_CORE_READ(dentry, d_name.name));
	for (u32 k = 0; k < 255 && k < length; k++)
		if (walk->candidate[k] != walk->name[k])
			return 0;
	walk->found = (u64)dentry;
	return 1;
}

/* Looks for walk.name below walk.dentry in the cache: walk.found. The newest names come first. */
__noinline int find_child(struct scratch *s)
{
	if (!s)
		return 0;
	struct search search = { .s = s };
	struct dentry___6_8 *parent = (void *)s->walk.dentry;
	struct dentry___old *old = (void *)parent;

	s->walk.found = 0;
	if (bpf_core_field_exists(parent->d_children)) {
		search.node = (u64)BPF_CORE_READ(parent, d_children.first);
		search.link_offset = bpf_core_field_offset(struct dentry___6_8, d_sib);
	} else {
		search.node = (u64)BPF_CORE_READ(old, d_subdirs.next);
		search.end = (u64)&old->d_subdirs;
		search.link_offset = bpf_core_field_offset(struct dentry___old, d_child);
	}
	bpf_loop(CHILDREN_MAX, look_at_child, &search, 0);
	return 0;
}

/* ---- mounts ---- */

/* From a mountpoint to the root of what is mounted on it. */
__noinline int cross_mounts(struct scratch *s)
{
	if (!s)
		return 0;
	struct walk *walk = &s->walk;
	u32 mounted = D_MOUNTED_BEFORE_ENUM;

	if (bpf_core_enum_value_exists(enum dentry_flags, DCACHE_MOUNTED))
		mounted = bpf_core_enum_value(enum dentry_flags, DCACHE_MOUNTED);
	for (int stacked = 0; stacked < 4; stacked++) {
		struct dentry *dentry = (void *)walk->dentry;

		if (!(BPF_CORE_READ(dentry, d_flags) & mounted))
			break;
		struct mount *mount = mount_of((void *)walk->mnt), *upon = 0;
		u64 end = (u64)mount + bpf_core_field_offset(struct mount, mnt_mounts);
		u64 node = (u64)BPF_CORE_READ(mount, mnt_mounts.next);

		for (int i = 0; i < MOUNTS_MAX && node && node != end; i++) {
			struct mount *child = (void *)(node - bpf_core_field_offset(struct mount, mnt_child));

			if (BPF_CORE_READ(child, mnt_mountpoint) == dentry) {
				upon = child;
				break;
			}
			node = (u64)BPF_CORE_READ(child, mnt_child.next);
		}
		if (!upon)
			break;
		walk->mnt = (u64)vfsmount_of(upon);
		walk->dentry = (u64)BPF_CORE_READ(upon, mnt.mnt_root);
	}
	return 0;
}

/* `..`: not above the root of the process. */
__noinline int go_up(struct scratch *s)
{
	if (!s)
		return 0;
	struct walk *walk = &s->walk;

	for (int i = 0; i < 8; i++) {
		struct dentry *dentry = (void *)walk->dentry;
		struct vfsmount *mnt = (void *)walk->mnt;

		if (walk->dentry == walk->root_dentry && walk->mnt == walk->root_mnt)
			return 0;
		if (dentry != BPF_CORE_READ(mnt, mnt_root)) {
			walk->dentry = (u64)BPF_CORE_READ(dentry, d_parent);
			break;
		}
		struct mount *mount = mount_of(mnt), *above = BPF_CORE_READ(mount, mnt_parent);

		if (mount == above)
			return 0;
		walk->dentry = (u64)BPF_CORE_READ(mount, mnt_mountpoint);
		walk->mnt = (u64)vfsmount_of(above);
	}
	return cross_mounts(s);
}
