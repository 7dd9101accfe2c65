// What was asked of the kernel, by the name of the system call that does it: also where several operations share one
// call (socketcall), or come by a ring instead (io_uring).

/**
 * The name by which an operation's meaning is looked up; the record's own `syscall` stays as it is.
 * @param data of the event, its call named; of SYSCALL and URINGOP records
 * @returns undefined where the records name no call, or a number that nobody assigned
 * @source linux/net.h; linux/io_uring.h, enum io_uring_op
 */
export function operationOf(data: ReadonlyMap<string, string>): string | undefined {
  const call = data.get('syscall');
  if (call === 'socketcall') return socketCalls[Number.parseInt(data.get('a0') ?? '', 16)] ?? call;
  if (call !== undefined) return call;
  const operation = data.get('uring_op');
  return operation === undefined ? undefined : ringOperations.get(operation);
}

/** From 0, which is none. */
const socketCalls: readonly (string | undefined)[] = [
  undefined,
  ...`socket bind connect listen accept getsockname getpeername socketpair send recv sendto recvfrom shutdown setsockopt
    getsockopt sendmsg recvmsg accept4 recvmmsg sendmmsg`.split(/\s+/),
];

/** Of the operations of a ring, those that a system call of the table does. */
const ringOperations: ReadonlyMap<string, string> = new Map(
  Object.entries({
    9: 'sendmsg',
    10: 'recvmsg',
    13: 'accept4',
    16: 'connect',
    17: 'fallocate',
    18: 'openat',
    21: 'statx',
    22: 'read',
    23: 'write',
    26: 'send',
    27: 'recv',
    28: 'openat2',
    35: 'renameat2',
    36: 'unlinkat',
    37: 'mkdirat',
    38: 'symlinkat',
    39: 'linkat',
    41: 'fsetxattr',
    42: 'setxattr',
    43: 'fgetxattr',
    44: 'getxattr',
    45: 'socket',
    47: 'sendto',
    48: 'sendmsg',
    55: 'ftruncate',
    56: 'bind',
    57: 'listen',
  }),
);
