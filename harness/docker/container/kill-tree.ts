// Ends a command inside its container. Closing the client's side of an exec would leave the process running.

import { readFileSync } from 'node:fs';

/**
 * A shell script that kills a process, its session and all its descendants. Each is stopped as it is found, so that
 * none can fork away from the search. What has left both the tree and the session (a double fork with setsid) stays:
 * that is what a daemon is, and no command of ours waits for one.
 */
const killTree = `
root=$1 found=" $1 " again=1
kill -STOP "$root" 2>/dev/null
while [ -n "$again" ]; do
  again=
  for stat in /proc/[0-9]*/stat; do
    read -r line < "$stat" || continue
    pid=\${line%% *}
    set -- \${line##*) }
    case $found in
      *" $pid "*) continue ;;
      *" $2 "*) ;;
      *) [ "$4" = "$root" ] || continue ;;
    esac
    kill -STOP "$pid"
    found="$found$pid " again=1
  done
done 2>/dev/null
kill -KILL $found 2>/dev/null
exit 0`;

/** As `killTree`, for the process that is number $1 of $2 commands running in the container, in order of their start. */
const killByRank = `
rank=$1 count=$2 seen=0 root=
for pid in $(ls /proc | grep '^[0-9]' | sort -n); do
  read -r line < "/proc/$pid/stat" || continue
  set -- \${line##*) }
  # Parent 0: it came from outside of the container. This shell is the last one of them.
  [ "$2" = 0 ] && [ "$pid" != 1 ] && [ "$pid" != $$ ] || continue
  seen=$((seen + 1))
  [ "$seen" = "$rank" ] && root=$pid
done 2>/dev/null
[ "$seen" = "$count" ] && [ -n "$root" ] || exit 1
set -- "$root"
${killTree}`;

/** A command that runs in the container now. */
export interface RunningExec {
  /** Its pid as the engine's machine sees it. */
  hostPid: number;
  containerId: string;
  /** From 1, among `count` commands running in this container, by start. */
  rank: number;
  count: number;
}

/** The command that kills it, for an exec as root; exits 1 when it cannot tell which process to kill. */
export function killCommand(running: RunningExec): string[] {
  const pid = pidInside(running);
  return pid === undefined
    ? ['sh', '-c', killByRank, 'sh', String(running.rank), String(running.count)]
    : ['sh', '-c', killTree, 'sh', String(pid)];
}

/** Where the engine runs on this machine, /proc translates; elsewhere the pid means nothing here. */
function pidInside({ hostPid, containerId }: RunningExec): number | undefined {
  try {
    if (!readFileSync(`/proc/${hostPid}/cgroup`, 'utf8').includes(containerId)) return undefined;
    const status = readFileSync(`/proc/${hostPid}/status`, 'utf8');
    const pids = /^NSpid:\t(.*)$/m.exec(status)?.[1]?.split('\t') ?? [];
    return pids.length > 1 ? Number(pids.at(-1)) : undefined;
  } catch {
    return undefined;
  }
}
