// The kernel fields that the programs read, and no others: CO-RE finds their places on the running kernel.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef int s32;
typedef unsigned long long u64;
typedef long long s64;
/* bpf_helper_defs.h speaks in these. */
typedef u8 __u8;
typedef u16 __u16;
typedef u32 __u32;
typedef s32 __s32;
typedef u64 __u64;
typedef s64 __s64;
typedef u16 __be16;
typedef u32 __be32;
typedef u32 __wsum;
typedef _Bool bool;
typedef int pid_t;

enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_LPM_TRIE = 11,
	BPF_MAP_TYPE_RINGBUF = 27,
};
enum { BPF_F_NO_PREALLOC = 1, BPF_NOEXIST = 1 };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head {
	struct list_head *next, *prev;
};
struct hlist_node {
	struct hlist_node *next;
};
struct hlist_head {
	struct hlist_node *first;
};
struct hlist_bl_node {
	struct hlist_bl_node *next, **pprev;
};
typedef struct {
	int counter;
} atomic_t;
typedef struct {
	u32 val;
} kuid_t;
typedef struct {
	u32 val;
} kgid_t;

/* ---- processes ---- */

struct ns_common {
	u32 inum;
};
struct task_struct;
struct pid_namespace {
	struct task_struct *child_reaper;
	struct ns_common ns;
};
struct upid {
	int nr;
	struct pid_namespace *ns;
};
struct pid {
	u32 level;
	struct hlist_head tasks[4];
	struct upid numbers[1];
};
struct mount;
struct mnt_namespace {
	struct ns_common ns;
};
struct nsproxy {
	struct mnt_namespace *mnt_ns;
};
struct cred {
	kuid_t uid, suid, euid, fsuid;
	kgid_t gid, sgid, egid, fsgid;
};
struct tty_driver {
	int major, minor_start;
};
struct tty_struct {
	struct tty_driver *driver;
	int index;
};
struct signal_struct {
	atomic_t live;
	int group_exit_code;
	u32 flags;
	struct pid *pids[4];
	struct tty_struct *tty;
};
struct kernfs_node {
	const char *name;
};
struct cgroup {
	int level;
	struct kernfs_node *kn;
};
struct cgroup_subsys_state {
	struct cgroup *cgroup;
};
enum cgroup_subsys_id { pids_cgrp_id = 11 };
struct css_set {
	struct cgroup_subsys_state *subsys[16];
	struct cgroup *dfl_cgrp;
};
struct thread_info {
	unsigned long flags;
	u32 status; /* x86: TS_COMPAT while in a 32-bit system call */
};
struct dentry;
struct vfsmount;
struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};
struct fs_struct {
	struct path root, pwd;
};
struct inode;
struct file {
	u32 f_mode;
	u32 f_flags;
	struct inode *f_inode;
	struct path f_path;
};
struct fdtable {
	u32 max_fds;
	struct file **fd;
	unsigned long *close_on_exec;
};
struct files_struct {
	struct fdtable *fdt;
};
struct mm_struct {
	struct file *exe_file;
	unsigned long arg_start, arg_end;
};
struct task_struct {
	struct thread_info thread_info;
	int pid, tgid;
	int exit_code;
	u64 start_boottime;
	char comm[16];
	kuid_t loginuid;
	u32 sessionid;
	struct list_head tasks;
	struct hlist_node pid_links[4];
	struct pid *thread_pid;
	struct task_struct *group_leader, *real_parent;
	const struct cred *cred;
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	struct css_set *cgroups;
};
struct linux_binprm {
	struct file *file;
	int argc;
	const char *filename, *interp;
};

/* What a raw tracepoint program is given. */
struct bpf_raw_tracepoint_args {
	u64 args[2];
};

/* ---- files ---- */

struct qstr {
	union {
		struct {
			u32 hash;
			u32 len;
		};
		u64 hash_len;
	};
	const u8 *name;
};
struct file_system_type {
	const char *name;
};
struct super_block {
	unsigned long s_magic;
	void *s_fs_info;
	struct file_system_type *s_type;
};
struct timespec64 {
	s64 tv_sec;
	long tv_nsec;
};
struct inode {
	u16 i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	u32 i_rdev;
	unsigned long i_ino;
	s64 i_size;
	struct super_block *i_sb;
	char *i_link;
};
/* Where the time of the last change lies: since 6.11, since 6.7, before. */
struct inode___6_11 {
	s64 i_mtime_sec;
	u32 i_mtime_nsec;
};
struct inode___6_7 {
	struct timespec64 __i_mtime;
};
struct inode___old {
	struct timespec64 i_mtime;
};
struct dentry {
	u32 d_flags;
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
};
/* The children of a directory: since 6.8, before. */
struct dentry___6_8 {
	struct hlist_node d_sib;
	struct hlist_head d_children;
};
struct dentry___old {
	struct list_head d_child;
	struct list_head d_subdirs;
};
enum dentry_flags { DCACHE_MOUNTED = 1 };
struct vfsmount {
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
};
struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
	struct list_head mnt_mounts;
	struct list_head mnt_child;
	struct mnt_namespace *mnt_ns;
};

/* The links below /proc/PID lead to an object of that process, not to a text. */
struct proc_fs_info {
	struct pid_namespace *pid_ns;
};
struct proc_inode {
	struct pid *pid;
	u32 fd;
	struct inode vfs_inode;
};

/* Overlay: a symbolic link's text lies in the file system below. Since 6.5, since 6.0, before. */
struct ovl_path {
	struct dentry *dentry;
};
struct ovl_entry {
	u32 __numlower;
	struct ovl_path __lowerstack[1];
};
struct ovl_inode {
	struct inode vfs_inode;
	struct dentry *__upperdentry;
	struct ovl_entry *oe;
};
struct ovl_inode___6_0 {
	struct ovl_path lowerpath;
};
struct ovl_inode___old {
	struct inode *lower;
};

/* XFS keeps a short link's text with the inode. Since 6.9, before. */
struct xfs_ifork {
	s64 if_bytes;
	signed char if_format;
	void *if_data;
};
struct xfs_ifork___old {
	union {
		char *if_data;
	} if_u1;
};
struct xfs_inode {
	struct xfs_ifork i_df;
	struct inode i_vnode;
};

/* ---- io_uring: a request begins with what belongs to its operation ---- */

struct filename {
	const char *name;
};
struct io_cqe {
	int fd;
};
struct io_kiocb {
	u8 opcode;
	u64 flags;
	struct io_cqe cqe;
};
struct open_how {
	u64 flags;
};
struct io_open {
	int dfd;
	struct filename *filename;
	struct open_how how;
};
struct io_unlink {
	int dfd;
	int flags;
	struct filename *filename;
};
struct io_mkdir {
	int dfd;
	struct filename *filename;
};
struct io_rename {
	int old_dfd, new_dfd;
	struct filename *oldpath, *newpath;
};
struct io_link {
	int old_dfd, new_dfd;
	struct filename *oldpath, *newpath;
};
enum io_uring_op {
	IORING_OP_OPENAT,
	IORING_OP_OPENAT2,
	IORING_OP_RENAMEAT,
	IORING_OP_UNLINKAT,
	IORING_OP_MKDIRAT,
	IORING_OP_SYMLINKAT,
	IORING_OP_LINKAT,
	IORING_OP_WRITE,
	IORING_OP_WRITEV,
	IORING_OP_WRITE_FIXED,
};

#pragma clang attribute pop

/* The saved registers; asm/ptrace.h of the build machine declares the user's view, which is not this one. */
#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long bx, cx, dx, si, di, bp, r8, r9, r10;
	unsigned long orig_ax;
} __attribute__((preserve_access_index));
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
	u64 regs[31];
	u64 orig_x0;
	s32 syscallno;
} __attribute__((preserve_access_index));
#else
#error "this sensor knows the system calls of x86-64 and arm64"
#endif
