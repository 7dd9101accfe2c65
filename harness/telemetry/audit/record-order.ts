// The order of an event's records: relays and parallel queues lose the kernel's, and what an event says must not depend
// on which of its records came first.

import { messageTypeNumber } from './message-types.ts';
import type { AuditRecord } from './record.ts';

/**
 * An event's records as the kernel writes them: what happened during the call, the call, what belongs to it.
 * @source kernel/auditsc.c, audit_log_exit and show_special
 */
export function inKernelOrder(records: readonly AuditRecord[]): AuditRecord[] {
  return [...records].sort((a, b) => rank(a) - rank(b) || byType(a, b) || place(a) - place(b));
}

/** Whether a record only completes the one of a system call, and never says by itself what happened. */
export const completesCall = ({ type }: AuditRecord): boolean => companions.has(type);

/** What the kernel writes after the record of the call itself, in its order. */
const companions: ReadonlyMap<string, number> = new Map(
  `BPRM_FCAPS SOCKETCALL IPC IPC_SET_PERM MQ_OPEN MQ_SENDRECV MQ_NOTIFY MQ_GETSETATTR CAPSET MMAP OPENAT2 EXECVE
  KERN_MODULE KERNEL_OTHER FD_PAIR SOCKADDR OBJ_PID CWD PATH AVC_PATH PROCTITLE MAC_TASK_CONTEXTS MAC_OBJ_CONTEXTS EOE`
    .split(/\s+/)
    .map((type, index) => [type, index]),
);

function rank({ type }: AuditRecord): number {
  if (type === 'SYSCALL' || type === 'URINGOP') return 1;
  const index = companions.get(type);
  return index === undefined ? 0 : 2 + index;
}

/** Of several that say what happened: anomalies, then decisions of security modules, which come before what they allow. */
function byType(a: AuditRecord, b: AuditRecord): number {
  return a.type === b.type ? 0 : (messageTypeNumber(b.type) ?? 0) - (messageTypeNumber(a.type) ?? 0);
}

/** Among records of one type: paths are numbered, arguments that fill several records too. */
function place({ type, fields }: AuditRecord): number {
  switch (type) {
    case 'PATH':
      return Number(fields.find(({ key }) => key === 'item')?.value ?? 0) || 0;
    case 'EXECVE':
      return fields.some(({ key }) => key === 'argc') ? 0 : 1;
    default:
      return 0;
  }
}
