// The one table from audit events to what happened, in the words of Elastic's auditd integration (go-libaudit):
// event.action, ECS category and type, and which fields say who did it, to what, and how.

export interface Normalization {
  /** `event.action`; absent for calls that have no name of their own. */
  readonly action?: string;
  /** `event.kind`, where the record is more than an event. */
  readonly kind?: 'alert';
  readonly category: readonly string[];
  readonly type: readonly string[];
  /** What kind of thing it was done to. */
  readonly what?: string;
  /** For `file`: which PATH record to look at first. */
  readonly pathIndex?: number;
  /** Fields that name the actor, first found; the login and the real uid unless given. */
  readonly primary?: readonly string[];
  readonly secondary?: readonly string[];
  /** Fields that name the thing. */
  readonly object?: readonly string[];
  readonly objectSecondary?: readonly string[];
  readonly how?: readonly string[];
  /** The peer's address is in `addr`. */
  readonly fromAddress?: true;
  /** Which of the summary's parts are ECS users. */
  readonly users?: Readonly<Partial<Record<UserRole, SummaryPart>>>;
}

export type UserRole = 'user' | 'effective' | 'target' | 'group';
export type SummaryPart = 'primary' | 'secondary' | 'object' | 'uid';

/** What a system call does; `info` about the process for calls that are not in the table. */
export const syscallNormalization = (call: string): Normalization => bySyscall.get(call) ?? otherCall;

/** What a record type says; records of one type may be told apart by a field that only one kind has. */
export function recordNormalization(
  type: string,
  has: (field: string) => boolean,
): Normalization | undefined {
  if (type === 'AVC') return has('seresult') ? selinux : has('apparmor') ? apparmor : undefined;
  return byRecordType.get(type) ?? (isAnomaly(type) ? otherAnomaly : undefined);
}

const otherCall: Normalization = { category: ['process'], type: ['info'] };

interface CallRow extends Omit<Normalization, 'category' | 'type'> {
  readonly calls: string;
  readonly ecs: string;
}

/** What the calls do, and what the kernel's own records of it say. */
const changedTime = { action: 'changed-system-time', ecs: 'host change', what: 'system' } as const;

const calls: readonly CallRow[] = [
  { calls: 'creat', action: 'opened-file', ecs: 'file creation', what: 'file' },
  // 32-bit machines have second calls of the same meaning for what outgrew 16 or 32 bits.
  {
    calls: 'fallocate truncate truncate64 ftruncate ftruncate64',
    action: 'opened-file',
    ecs: 'file change',
    what: 'file',
  },
  { calls: 'open openat openat2 readlink readlinkat', action: 'opened-file', ecs: 'file info', what: 'file' },
  { calls: 'read', action: 'read-file', ecs: 'file info', what: 'file' },
  { calls: 'write', action: 'wrote-to-file', ecs: 'file change', what: 'file' },
  {
    calls: 'setxattr fsetxattr lsetxattr setxattrat removexattr fremovexattr lremovexattr removexattrat',
    action: 'changed-file-attributes-of',
    ecs: 'file change',
    what: 'file',
  },
  {
    calls: 'chmod fchmod fchmodat fchmodat2',
    action: 'changed-file-permissions-of',
    ecs: 'file change',
    what: 'file',
  },
  {
    calls: 'chown chown32 fchown fchown32 fchownat lchown lchown32',
    action: 'changed-file-ownership-of',
    ecs: 'file change',
    what: 'file',
  },
  { calls: 'finit_module init_module', action: 'loaded-kernel-module', ecs: 'driver start', what: 'file' },
  { calls: 'delete_module', action: 'unloaded-kernel-module', ecs: 'driver end', what: 'file' },
  { calls: 'mkdir mkdirat', action: 'created-directory', ecs: 'file creation', what: 'file', pathIndex: 1 },
  { calls: 'mount', action: 'mounted', ecs: 'file creation', what: 'filesystem', pathIndex: 1 },
  { calls: 'rename renameat renameat2', action: 'renamed', ecs: 'file change', what: 'file', pathIndex: 2 },
  {
    calls:
      'access faccessat faccessat2 fstatat fstatat64 newfstatat stat stat64 fstat fstat64 lstat lstat64 statx getxattr lgetxattr fgetxattr',
    action: 'checked-metadata-of',
    ecs: 'file info',
    what: 'file',
  },
  {
    calls: 'statfs statfs64 fstatfs fstatfs64',
    action: 'checked-filesystem-metadata-of',
    ecs: 'file info',
    what: 'filesystem',
  },
  { calls: 'symlink symlinkat', action: 'symlinked', ecs: 'file creation', what: 'file' },
  // Elastic's table has no hard links; a link into cron.d is a way to schedule.
  { calls: 'link linkat', action: 'linked', ecs: 'file creation', what: 'file' },
  { calls: 'umount umount2', action: 'unmounted', ecs: 'file deletion', what: 'filesystem' },
  { calls: 'rmdir unlink unlinkat', action: 'deleted', ecs: 'file deletion', what: 'file' },
  {
    calls: 'utime utimes futimesat futimens utimensat utimensat_time64',
    action: 'changed-timestamp-of',
    ecs: 'file info',
    what: 'file',
  },
  { calls: 'execve execveat', action: 'executed', ecs: 'process start', what: 'file' },
  { calls: 'listen', action: 'listen-for-connections', ecs: 'network start', what: 'socket' },
  {
    calls: 'accept accept4',
    action: 'accepted-connection-from',
    ecs: 'network connection,start',
    what: 'socket',
  },
  { calls: 'bind', action: 'bound-socket', ecs: 'network start', what: 'socket' },
  { calls: 'connect', action: 'connected-to', ecs: 'network connection,start', what: 'socket' },
  {
    calls: 'recv recvfrom recvmsg recvmmsg recvmmsg_time64',
    action: 'received-from',
    ecs: 'network connection,info',
    what: 'socket',
  },
  {
    calls: 'send sendto sendmsg sendmmsg',
    action: 'sent-to',
    ecs: 'network connection,info',
    what: 'socket',
  },
  { calls: 'kill tkill tgkill', action: 'killed-pid', ecs: 'process end', what: 'process' },
  {
    calls:
      'setuid seteuid setfsuid setreuid setgid setegid setfsgid setregid setresuid setresgid setuid32 setfsuid32 setreuid32 setgid32 setfsgid32 setregid32 setresuid32 setresgid32',
    action: 'changed-identity-of',
    ecs: 'process change',
    what: 'process',
    how: ['syscall'],
  },
  {
    calls: 'settimeofday clock_settime clock_settime64 stime adjtimex clock_adjtime clock_adjtime64',
    ...changedTime,
  },
  { calls: 'mknod mknodat', action: 'make-device', ecs: 'file creation', what: 'file' },
  { calls: 'sethostname setdomainname', action: 'changed-system-name', ecs: 'host change', what: 'system' },
  { calls: 'mmap mmap2 brk', action: 'allocated-memory', ecs: 'process info', what: 'memory' },
  {
    calls: 'sched_setparam sched_setscheduler sched_setattr',
    action: 'adjusted-scheduling-policy-of',
    ecs: 'process change',
    what: 'process',
    how: ['syscall'],
  },
];

/** What PAM and login programs write: who (login uid), as whom, where (terminal), from where. */
const session = {
  primary: ['auid'],
  secondary: ['acct', 'id', 'uid'],
  object: ['terminal'],
  objectSecondary: ['addr', 'hostname'],
  what: 'user-session',
  how: ['exe', 'terminal'],
} as const;
const login = { ...session, users: { user: 'primary', effective: 'secondary' } } as const;
/** Fields that name an account that was made, changed or removed. */
const account = { object: ['id', 'acct'], what: 'account' } as const;
const accountUsers = { user: 'primary', effective: 'secondary', target: 'object' } as const;
const groupUsers = { user: 'primary', effective: 'secondary', group: 'object' } as const;
const service = { object: ['unit'], what: 'service' } as const;

interface RecordRow extends Omit<Normalization, 'category' | 'type'> {
  /** `category,category type,type`; absent for what ECS has no category for. */
  readonly ecs?: string;
}

const records: Readonly<Record<string, RecordRow>> = {
  ACCT_LOCK: { action: 'locked-account', ecs: 'iam user,info' },
  ACCT_UNLOCK: { action: 'unlocked-account', ecs: 'iam user,info' },
  ADD_GROUP: { action: 'added-group-account-to', ecs: 'iam group,creation', ...account, users: groupUsers },
  ADD_USER: { action: 'added-user-account', ecs: 'iam user,creation', ...account, users: accountUsers },
  DEL_GROUP: {
    action: 'deleted-group-account-from',
    ecs: 'iam group,deletion',
    ...account,
    users: groupUsers,
  },
  DEL_USER: { action: 'deleted-user-account', ecs: 'iam user,deletion', ...account, users: accountUsers },
  GRP_MGMT: {
    action: 'modified-group-account',
    ecs: 'iam group,change',
    ...account,
    users: { user: 'primary', group: 'secondary', effective: 'uid' },
  },
  ROLE_ASSIGN: { action: 'assigned-user-role-to', ecs: 'iam user,change', ...account },
  ROLE_MODIFY: { action: 'modified-role', ecs: 'iam change' },
  ROLE_REMOVE: { action: 'removed-user-role-from', ecs: 'iam user,change', ...account },
  USER_MGMT: {
    ...session,
    action: 'modified-user-account',
    ecs: 'iam user,change',
    users: { user: 'primary', target: 'secondary', effective: 'uid' },
  },
  USER_CHAUTHTOK: {
    ...session,
    action: 'changed-password',
    ecs: 'iam user,change',
    users: { user: 'primary', target: 'secondary', effective: 'uid' },
  },
  GRP_CHAUTHTOK: {
    ...session,
    action: 'changed-group-password',
    ecs: 'iam group,change',
    object: ['acct'],
    users: { user: 'primary', group: 'secondary', effective: 'uid' },
  },
  CRED_ACQ: { ...login, action: 'acquired-credentials', ecs: 'authentication info' },
  CRED_DISP: { ...login, action: 'disposed-credentials', ecs: 'authentication info' },
  CRED_REFR: { ...login, action: 'refreshed-credentials', ecs: 'authentication info' },
  GRP_AUTH: {
    action: 'authenticated-to-group',
    ecs: 'authentication info',
    users: { user: 'primary', effective: 'secondary' },
  },
  LOGIN: {
    action: 'changed-login-id-to',
    ecs: 'authentication start',
    primary: ['old_auid', 'old-auid'],
    secondary: ['uid'],
    object: ['new-auid', 'new_auid', 'auid'],
    what: 'user-session',
    users: { user: 'primary', effective: 'object' },
  },
  USER_ACCT: { ...login, action: 'was-authorized', ecs: 'authentication info' },
  USER_AUTH: { ...login, action: 'authenticated', ecs: 'authentication info' },
  USER_END: { ...login, action: 'ended-session', ecs: 'session end' },
  USER_ERR: { ...login, action: 'error', ecs: 'authentication info', fromAddress: true },
  USER_LOGIN: { ...login, action: 'logged-in', ecs: 'authentication start', fromAddress: true },
  USER_LOGOUT: { ...login, action: 'logged-out', ecs: 'authentication end' },
  USER_START: { ...login, action: 'started-session', ecs: 'session start', fromAddress: true },
  USER_ROLE_CHANGE: { ...session, action: 'changed-role-to', object: ['selected-context'] },
  VIRT_CONTROL: {
    action: 'issued-vm-control',
    ecs: 'host info',
    object: ['op'],
    objectSecondary: ['vm'],
    what: 'virtual-machine',
  },
  VIRT_CREATE: { action: 'created-vm-image', ecs: 'host info' },
  VIRT_DESTROY: { action: 'deleted-vm-image', ecs: 'host info' },
  VIRT_INTEGRITY_CHECK: { action: 'checked-integrity-of', ecs: 'host info' },
  VIRT_MACHINE_ID: { action: 'assigned-vm-id', ecs: 'host info', object: ['vm'], what: 'virtual-machine' },
  VIRT_MIGRATE_IN: { action: 'migrated-vm-from', ecs: 'host info' },
  VIRT_MIGRATE_OUT: { action: 'migrated-vm-to', ecs: 'host info' },
  VIRT_RESOURCE: {
    action: 'assigned-vm-resource',
    ecs: 'host info',
    object: ['resrc'],
    objectSecondary: ['vm'],
    what: 'virtual-machine',
  },
  CHGRP_ID: { action: 'changed-group', ecs: 'process change' },
  CHUSER_ID: { action: 'changed-user-id', ecs: 'process change' },
  TEST: { action: 'sent-test', ecs: 'process info' },
  TRUSTED_APP: { action: 'unknown', ecs: 'process info' },
  USER_CMD: { action: 'ran-command', ecs: 'process start', object: ['cmd'], what: 'process' },
  SYSTEM_BOOT: { action: 'booted-system', ecs: 'host start', what: 'system' },
  SYSTEM_RUNLEVEL: {
    action: 'changed-to-runlevel',
    ecs: 'host change',
    object: ['new-level'],
    what: 'system',
  },
  SYSTEM_SHUTDOWN: { action: 'shutdown-system', ecs: 'host end', what: 'system' },
  SERVICE_START: { action: 'started-service', ecs: 'process start', ...service },
  SERVICE_STOP: { action: 'stopped-service', ecs: 'process stop', ...service },
  CONFIG_CHANGE: {
    action: 'changed-audit-configuration',
    ecs: 'process,configuration change',
    object: ['op', 'key', 'audit_enabled', 'audit_pid', 'audit_backlog_limit', 'audit_failure'],
    what: 'audit-config',
  },
  DAEMON_ABORT: { action: 'aborted-auditd-startup', ecs: 'process stop', what: 'service' },
  DAEMON_ACCEPT: { action: 'remote-audit-connected', ecs: 'network connection,start', what: 'service' },
  DAEMON_CLOSE: { action: 'remote-audit-disconnected', ecs: 'network connection,start', what: 'service' },
  DAEMON_CONFIG: {
    action: 'changed-auditd-configuration',
    ecs: 'process,configuration change',
    what: 'service',
  },
  DAEMON_END: { action: 'shutdown-audit', ecs: 'process stop', what: 'service' },
  DAEMON_ERR: { action: 'audit-error', ecs: 'process info', what: 'service' },
  DAEMON_RECONFIG: { action: 'reconfigured-auditd', ecs: 'process,configuration info', what: 'service' },
  DAEMON_RESUME: { action: 'resumed-audit-logging', ecs: 'process change', what: 'service' },
  DAEMON_ROTATE: { action: 'rotated-audit-logs', ecs: 'process change', what: 'service' },
  DAEMON_START: { action: 'started-audit', ecs: 'process start', what: 'service' },
  KERNEL: { action: 'initialized-audit-subsystem', ecs: 'process info' },
  KERN_MODULE: { action: 'loaded-kernel-module', ecs: 'driver start', what: 'file', object: ['name'] },
  USYS_CONFIG: {
    action: 'changed-configuration',
    ecs: 'configuration change',
    object: ['op'],
    what: 'system',
  },
  NETFILTER_CFG: {
    action: 'loaded-firewall-rule-to',
    ecs: 'configuration change',
    object: ['table'],
    what: 'firewall',
  },
  FEATURE_CHANGE: {
    action: 'changed-audit-feature',
    ecs: 'configuration change',
    object: ['feature'],
    what: 'system',
  },
  TTY: { action: 'typed', object: ['data'], what: 'keystrokes', how: ['comm', 'exe'] },
  USER_TTY: { action: 'typed', object: ['data'], what: 'keystrokes', how: ['comm', 'exe'] },
  FS_RELABEL: { action: 'relabeled-filesystem', what: 'mac-config' },
  LABEL_LEVEL_CHANGE: { action: 'modified-level-of', object: ['printer'], what: 'printer' },
  LABEL_OVERRIDE: { action: 'overrode-label-of', what: 'mac-config' },
  MAC_CHECK: { action: 'mac-permission' },
  MAC_CONFIG_CHANGE: {
    action: 'changed-selinux-boolean',
    ecs: 'configuration change',
    object: ['bool'],
    what: 'mac-config',
  },
  MAC_POLICY_LOAD: { action: 'loaded-selinux-policy', ecs: 'configuration access', what: 'mac-config' },
  MAC_STATUS: {
    action: 'changed-selinux-enforcement',
    ecs: 'configuration change',
    object: ['enforcing'],
    what: 'mac-config',
  },
  USER_AVC: { action: 'access-permission' },
  USER_MAC_CONFIG_CHANGE: {
    action: 'changed-mac-configuration',
    ecs: 'configuration change',
    what: 'mac-config',
  },
  USER_MAC_POLICY_LOAD: { action: 'loaded-mac-policy', ecs: 'configuration access', what: 'mac-config' },
  USER_SELINUX_ERR: { action: 'access-error' },
  SECCOMP: { action: 'violated-seccomp-policy', object: ['syscall'], what: 'process' },
  SELINUX_ERR: { action: 'caused-mac-policy-error', what: 'system' },
  CRYPTO_KEY_USER: {
    ...session,
    action: 'negotiated-crypto-key',
    ecs: 'process info',
    object: ['fp'],
    fromAddress: true,
  },
  CRYPTO_LOGIN: { action: 'crypto-officer-logged-in' },
  CRYPTO_LOGOUT: { action: 'crypto-officer-logged-out', ecs: 'process info' },
  CRYPTO_SESSION: {
    ...session,
    action: 'started-crypto-session',
    ecs: 'process info',
    object: ['addr'],
    objectSecondary: ['rport'],
    fromAddress: true,
  },
  TIME_INJOFFSET: changedTime,
  TIME_ADJNTPVAL: changedTime,
  DAC_CHECK: { action: 'access-result' },
  USER: { action: 'sent-message', object: ['addr'] },
};

/** What intrusion detection is meant to look at; of the other anomalies that libaudit names, their number is all there is. */
const anomalies: Readonly<Record<string, RecordRow>> = {
  ANOM_ABEND: {
    action: 'crashed-program',
    ecs: 'process end',
    object: ['comm', 'exe'],
    objectSecondary: ['pid'],
    what: 'process',
    how: ['sig'],
  },
  ANOM_EXEC: {
    action: 'attempted-execution-of-forbidden-program',
    ecs: 'process start',
    object: ['cmd'],
    what: 'process',
    how: ['terminal'],
  },
  ANOM_LINK: { action: 'used-suspicious-link' },
  ANOM_LOGIN_FAILURES: { ...session, action: 'failed-log-in-too-many-times-to', ecs: 'authentication info' },
  ANOM_LOGIN_LOCATION: {
    ...session,
    action: 'attempted-log-in-from-unusual-place-to',
    ecs: 'authentication info',
  },
  ANOM_LOGIN_SESSIONS: { ...session, action: 'opened-too-many-sessions-to', ecs: 'authentication info' },
  ANOM_LOGIN_TIME: {
    ...session,
    action: 'attempted-log-in-during-unusual-hour-to',
    ecs: 'authentication info',
  },
  ANOM_PROMISCUOUS: {
    action: 'changed-promiscuous-mode-on-device',
    object: ['dev'],
    what: 'network-device',
  },
  ANOM_RBAC_INTEGRITY_FAIL: {
    action: 'tested-file-system-integrity-of',
    object: ['hostname'],
    what: 'filesystem',
  },
};

const selinux: Normalization = {
  action: 'violated-selinux-policy',
  category: [],
  type: [],
  primary: ['scontext'],
  object: ['tcontext'],
  objectSecondary: ['tclass'],
};
const apparmor: Normalization = {
  action: 'violated-apparmor-policy',
  category: [],
  type: [],
  object: ['operation'],
  objectSecondary: ['requested_mask', 'denied_mask', 'capname'],
  what: 'policy',
};

function categories(ecs = ''): Pick<Normalization, 'category' | 'type'> {
  const [category = '', type = ''] = ecs.split(' ');
  return { category: category.split(',').filter(Boolean), type: type.split(',').filter(Boolean) };
}

const isAnomaly = (type: string): boolean => type.startsWith('ANOM_');

/**
 * Anomaly records are made for intrusion detection: `alert` and `intrusion_detection`, besides what they are of.
 * @source Elastic's auditd module (elastic/go-libaudit#70); Red Hat's Security Guide, "Audit record types"
 */
function anomaly({ ecs, ...row }: RecordRow): Normalization {
  const { category, type } = categories(ecs);
  return {
    ...row,
    kind: 'alert',
    category: ['intrusion_detection', ...category],
    type: type.length > 0 ? type : ['info'],
  };
}

const otherAnomaly = anomaly({});

const bySyscall: ReadonlyMap<string, Normalization> = new Map(
  calls.flatMap(({ calls: names, ecs, ...row }) =>
    names.split(' ').map((name) => [name, { ...row, ...categories(ecs) }]),
  ),
);
const byRecordType: ReadonlyMap<string, Normalization> = new Map([
  ...Object.entries(records).map(([type, { ecs, ...row }]): [string, Normalization] => [
    type,
    { ...row, ...categories(ecs) },
  ]),
  ...Object.entries(anomalies).map(([type, row]): [string, Normalization] => [type, anomaly(row)]),
]);
