// The order of an event's records: relays and parallel queues lose the kernel's, and what an event says must not depend
// on which of its records came first.

import { messageTypeNumber } from './message-types.ts';
import type { AuditRecord } from './record.ts';

/**
 * An event's records as the kernel writes them: what happened during the call, the call, what belongs to it. What came
 * twice, as relays send again what they are not sure of, is there once.
 * @source kernel/auditsc.c, audit_log_exit and show_special
 */
export function inKernelOrder(records: readonly AuditRecord[]): AuditRecord[] {
  const once = new Map(records.map((record) => [`${record.type} ${record.text}`, record]));
  return [...once.values()].sort(
    (a, b) => rank(a) - rank(b) || byType(a, b) || place(a) - place(b) || byText(a, b),
  );
}

/**
 * Where nothing tells which came first, it is always the same one. Paths without numbers, which the kernel does not write,
 * stay as they are: their order has a meaning.
 */
function byText(a: AuditRecord, b: AuditRecord): number {
  if (a.type === 'PATH' || a.text === b.text) return 0;
  return a.text < b.text ? -1 : 1;
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
