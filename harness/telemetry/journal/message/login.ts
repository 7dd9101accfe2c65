// The lines of sudo, su and sshd: who became whom, from where, to run what. Field names as Elastic's system module has them.

import type { Meaning } from './meaning.ts';

const accepted = { category: ['authentication'], type: ['start'], outcome: 'success' } as const;
const failed = { category: ['authentication'], type: ['start'], outcome: 'failure' } as const;

/** Reads `alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id`, with or without a problem first. */
export function sudoMeaning(message: string): Meaning | undefined {
  const said = /^\s*(?<name>\S+) : (?<rest>[\s\S]*)$/.exec(message)?.groups;
  if (!said?.rest) return undefined;
  const { before, command } = beforeCommand(said.rest);
  const parts = before.split(' ; ');
  const problem = parts.filter((part) => !/^[A-Z]+=/.test(part)).join('; ');
  const told = Object.fromEntries(
    parts.filter((part) => /^[A-Z]+=/.test(part)).map((part) => part.split(/=(.*)/s) as [string, string]),
  );
  if (command === undefined && !told.USER) return undefined;
  return {
    category: ['process'],
    type: ['info'],
    action: problem ? 'sudo-denied' : 'sudo-command',
    outcome: problem ? 'failure' : 'success',
    user: { name: said.name ?? '' },
    ...(told.USER ? { effectiveUser: { name: told.USER } } : {}),
    extra: {
      system: {
        auth: {
          sudo: {
            ...(told.TTY ? { tty: told.TTY } : {}),
            ...(told.PWD ? { pwd: told.PWD } : {}),
            ...(told.USER ? { user: told.USER } : {}),
            ...(command === undefined ? {} : { command }),
            ...(problem ? { error: problem } : {}),
          },
        },
      },
    },
  };
}

/** The command stands last and may hold ` ; ` itself. */
function beforeCommand(text: string): { before: string; command?: string } {
  const at = text.indexOf('COMMAND=');
  if (at < 0) return { before: text };
  return { before: text.slice(0, at).replace(/ ; $/, ''), command: text.slice(at + 'COMMAND='.length) };
}

/** Reads `(to alice) root on pts/0` and `FAILED SU (to root) alice on pts/0`. */
export function suMeaning(message: string): Meaning | undefined {
  const said = /^(?<failed>FAILED SU )?\(to (?<target>\S+)\) (?<name>\S+) on (?<tty>\S+)/.exec(
    message,
  )?.groups;
  if (!said) return undefined;
  return {
    ...(said.failed ? failed : accepted),
    action: said.failed ? 'su-failed' : 'su',
    user: { name: said.name ?? '' },
    effectiveUser: { name: said.target ?? '' },
  };
}

/** Reads sshd's decisions: `Accepted publickey for alice from 192.0.2.1 port 40000 ssh2: …`, `Failed password for…`. */
export function sshdMeaning(message: string): Meaning | undefined {
  const decision =
    /^(?<event>Accepted|Failed|Postponed) (?<method>\S+) for (?<invalid>(?:invalid|illegal) user )?(?<name>.*?) from (?<ip>\S+) port (?<port>\d+)(?: ssh2)?(?:: (?<signature>.*))?/.exec(
      message,
    )?.groups;
  if (decision)
    return sshLogin(decision.event === 'Accepted', decision.event ?? '', decision, {
      method: decision.method,
      signature: decision.signature,
    });
  const invalid = /^(?:Invalid|Illegal) user (?<name>.*?) from (?<ip>\S+?)(?: port (?<port>\d+))?$/.exec(
    message,
  )?.groups;
  if (invalid) return sshLogin(false, 'Invalid', invalid, {});
  const denied = /^User (?<name>\S+) from (?<ip>\S+) not allowed because/.exec(message)?.groups;
  if (denied) return sshLogin(false, 'Denied', denied, {});
  return undefined;
}

function sshLogin(
  success: boolean,
  event: string,
  { name = '', ip = '', port }: Record<string, string | undefined>,
  details: Record<string, string | undefined>,
): Meaning {
  return {
    ...(success ? accepted : failed),
    action: 'ssh_login',
    user: { name },
    extra: {
      source: { ip, ...(port ? { port: Number(port) } : {}) },
      system: { auth: { ssh: { event, ...defined(details) } } },
    },
  };
}

const defined = (fields: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
