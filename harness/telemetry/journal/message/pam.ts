// The lines of PAM modules, whichever daemon they speak through: sessions opened and closed, access refused.

import type { Meaning } from './meaning.ts';

/**
 * Reads a line such as `pam_unix(cron:session): session opened for user alice(uid=1000) by (uid=0)`.
 * @returns undefined where the line is no PAM line or says nothing about a session or a decision
 */
export function pamMeaning(message: string): Meaning | undefined {
  const said = /^(?<module>pam_\w+)\((?<service>[^:)]*):(?<phase>\w+)\): (?<text>[\s\S]*)$/.exec(
    message,
  )?.groups;
  if (!said) return undefined;
  const { module = '', service = '', phase = '', text = '' } = said;
  const extra = { pam: { module, service, phase } };
  const session = /^session (?<what>opened|closed) for user (?<name>[^\s(]+)(?:\(uid=(?<id>\d+)\))?/.exec(
    text,
  )?.groups;
  if (session) {
    const opened = session.what === 'opened';
    return {
      category: ['session'],
      type: [opened ? 'start' : 'end'],
      action: opened ? 'session-opened' : 'session-closed',
      outcome: 'success',
      user: named(session.name, session.id),
      extra,
    };
  }
  const refused = refusals.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (!refused) return undefined;
  return {
    category: ['authentication'],
    type: ['start'],
    action: phase === 'account' ? 'access-denied' : 'authentication-failed',
    outcome: 'failure',
    ...(refused.name ? { user: named(refused.name) } : {}),
    extra,
  };
}

const refusals = [
  /^authentication failure;.*?(?:\suser=(?<name>\S+))?$/s,
  /^access denied for user [`']?(?<name>[^'\s]+)/,
  /^account (?<name>\S+) (?:has expired|is locked|has password changed in future)/,
  /^auth could not identify password for \[(?<name>[^\]]*)\]/,
  /^user (?<name>\S+) not (?:found|allowed)/,
];

const named = (name = '', id?: string): { name: string; id?: string } => (id ? { name, id } : { name });
