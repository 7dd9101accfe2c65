// Who did it: the process, its parent, its identities, its place in the target.
#pragma once

#include "scratch.bpf.h"

/* Depth of nested pid namespaces that is looked through for a target. */
#define NAMESPACE_DEPTH 4
#define SIGNAL_GROUP_EXIT 0x4
#define PIDTYPE_PGID 2
#define PIDTYPE_SID 3

static __always_inline struct upid own_number(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	u32 level = BPF_CORE_READ(pid, level);
	struct upid number = {};

	if (level > 31)
		level = 31;
	bpf_core_read(&number, sizeof(number), &pid->numbers[level]);
	return number;
}

/* The target that the process belongs to, as its pid namespace; 0 when it is not watched. Namespaces nested
 * inside a target are part of it. */
static __always_inline u32 watched(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	u32 level = BPF_CORE_READ(pid, level);

	for (int i = 0; i < NAMESPACE_DEPTH; i++) {
		struct upid number = {};

		if (level == 0 || level > 31)
			return 0;
		bpf_core_read(&number, sizeof(number), &pid->numbers[level]);
		u32 pidns = BPF_CORE_READ(number.ns, ns.inum);

		if (bpf_map_lookup_elem(&targets, &pidns))
			return pidns;
		level--;
	}
	return 0;
}

/* Number of the task in the target's own namespace; 0 when it lives outside of it. */
static __always_inline u32 number_in(struct task_struct *task, u32 pidns)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	u32 level = BPF_CORE_READ(pid, level);

	for (int i = 0; i < NAMESPACE_DEPTH; i++) {
		struct upid number = {};

		if (level == 0 || level > 31)
			return 0;
		bpf_core_read(&number, sizeof(number), &pid->numbers[level]);
		if (BPF_CORE_READ(number.ns, ns.inum) == pidns)
			return number.nr;
		level--;
	}
	return 0;
}

/* The open file of a task that has this number; 0 when there is none. */
static __always_inline struct file *file_of(struct task_struct *task, u32 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file *file = 0;

	if (fd >= BPF_CORE_READ(table, max_fds))
		return 0;
	bpf_probe_read_kernel(&file, sizeof(file), BPF_CORE_READ(table, fd) + fd);
	return file;
}

/* The pid, on the host, that names a session or a process group. */
static __always_inline u32 leader_of(struct signal_struct *signal, u32 kind)
{
	struct pid *pid = 0;

	bpf_core_read(&pid, sizeof(pid), &signal->pids[kind]);
	return BPF_CORE_READ(pid, numbers[0].nr);
}

static __always_inline u32 is_open_on(struct task_struct *task, u32 fd, u32 device)
{
	return BPF_CORE_READ(file_of(task, fd), f_inode, i_rdev) == device;
}

/* Session, process group and terminal. Interactive is meant as in ECS: standard input and standard error are the
 * controlling terminal. */
static __always_inline void put_session(struct record_header *header, struct task_struct *task)
{
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct tty_struct *tty = BPF_CORE_READ(signal, tty);

	header->process_group = leader_of(signal, PIDTYPE_PGID);
	header->session = leader_of(signal, PIDTYPE_SID);
	if (!tty)
		return;
	header->terminal = BPF_CORE_READ(tty, driver, major) << MINOR_BITS |
			   (BPF_CORE_READ(tty, driver, minor_start) + BPF_CORE_READ(tty, index));
	header->interactive = is_open_on(task, 0, header->terminal) && is_open_on(task, 2, header->terminal);
}

/* Begins a record about this task. */
__noinline int begin(struct scratch *s, u64 task_address, u32 operation)
{
	if (!s)
		return 0;
	struct task_struct *task = (void *)task_address;
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	struct task_struct *parent = BPF_CORE_READ(task, real_parent, group_leader);
	const struct cred *cred = BPF_CORE_READ(task, cred);
	struct record_header *header = &s->record.header;

	__builtin_memset(header, 0, sizeof(*header));
	header->operation = operation;
	header->time = bpf_ktime_get_boot_ns();
	header->pidns = s->pidns;
	header->mntns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	header->pid = BPF_CORE_READ(task, tgid);
	header->tid = BPF_CORE_READ(task, pid);
	header->ns_pid = number_in(leader, s->pidns);
	header->ns_tid = number_in(task, s->pidns);
	header->start = BPF_CORE_READ(leader, start_boottime);
	header->parent_pid = BPF_CORE_READ(parent, tgid);
	header->parent_ns_pid = number_in(parent, s->pidns);
	header->parent_start = BPF_CORE_READ(parent, start_boottime);
	header->uid = BPF_CORE_READ(cred, uid.val);
	header->euid = BPF_CORE_READ(cred, euid.val);
	header->suid = BPF_CORE_READ(cred, suid.val);
	header->fsuid = BPF_CORE_READ(cred, fsuid.val);
	header->gid = BPF_CORE_READ(cred, gid.val);
	header->egid = BPF_CORE_READ(cred, egid.val);
	header->sgid = BPF_CORE_READ(cred, sgid.val);
	header->fsgid = BPF_CORE_READ(cred, fsgid.val);
	header->loginuid = header->sessionid = -1;
	if (bpf_core_field_exists(task->loginuid)) { /* CONFIG_AUDIT */
		header->loginuid = BPF_CORE_READ(task, loginuid.val);
		header->sessionid = BPF_CORE_READ(task, sessionid);
	}
	put_session(header, task);
	bpf_core_read_str(header->comm, sizeof(header->comm), &task->comm);
	bpf_core_read_str(header->parent_comm, sizeof(header->parent_comm), &parent->comm);
	return 0;
}

/* Leaf of the control group: the unit's name under systemd. Version 2, else the pids controller. */
static __always_inline void put_cgroup(struct scratch *s, struct task_struct *task)
{
	struct cgroup *group = BPF_CORE_READ(task, cgroups, dfl_cgrp);

	if (!BPF_CORE_READ(group, level) && bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id)) {
		u32 controller = bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id);
		struct css_set *groups = BPF_CORE_READ(task, cgroups);
		struct cgroup_subsys_state *state = 0;

		bpf_core_read(&state, sizeof(state), &groups->subsys[controller & 15]);
		group = BPF_CORE_READ(state, cgroup);
	}
	put_kernel_string(s, BPF_CORE_READ(group, kn, name), TAG_CGROUP);
}

/* Wait status of the whole process, asked by its last thread. */
static __always_inline int exit_status(struct task_struct *task)
{
	struct signal_struct *signal = BPF_CORE_READ(task, signal);

	if (BPF_CORE_READ(signal, flags) & SIGNAL_GROUP_EXIT)
		return BPF_CORE_READ(signal, group_exit_code);
	return BPF_CORE_READ(task, exit_code);
}
