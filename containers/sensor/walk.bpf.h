// Follows a path that a process gave, through the kernel's own directory cache: symbolic links, mounts, `..`.
// System calls that act on a name (rename, unlink, mkdir…) leave no open file behind to ask for its path. When
// they return, every directory on the way has just been looked up, so it is in the cache.
#pragma once

#include "path.bpf.h"

#define AT_FDCWD (-100)
#define MODE_TYPE 0170000
#define MODE_LINK 0120000
#define LINKS_MAX 40          /* as the kernel */
#define CHILDREN_MAX 16384    /* cached names looked through in one directory */
#define MOUNTS_MAX 256        /* mounts looked through below one mount */
#define OVERLAY_MAGIC 0x794c7630
#define PROC_MAGIC 0x9fa0
#define XFS_MAGIC 0x58465342
#define XFS_FORMAT_LOCAL 1
#define D_MOUNTED_BEFORE_ENUM 0x10000

static __always_inline struct file *file_of(struct task_struct *task, u32 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file *file = 0;

	if (fd >= BPF_CORE_READ(table, max_fds))
		return 0;
	bpf_probe_read_kernel(&file, sizeof(file), BPF_CORE_READ(table, fd) + fd);
	return file;
}

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

/* ---- the walk ---- */

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
