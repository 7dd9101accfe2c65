// Has journald take in what was sent to it, and a line of the harness's own, without a process in the target.

import type { Conversation, Target } from '../../engine/ports.ts';
import { AtomclockError } from '../../model/errors.ts';

/**
 * Has journald take in all that was sent to it before, by whichever of its sockets, and after that a line, and wakes
 * who follows the journal.
 * @param identifier of the line (SYSLOG_IDENTIFIER)
 * @returns whether it has; where it does not answer, or not as expected, or the agent is lost meanwhile, nothing is known
 * @source varlink.org, "Method Call"; systemd, src/journal/journald-server.c, vl_method_synchronize (what `journalctl
 *   --sync` asks for); systemd.io, "Native Journal Protocol"
 */
export async function takenIn(target: Target, identifier: string, line: string): Promise<boolean> {
  try {
    using talk = await target.talk('/run/systemd/journal/io.systemd.journal', synchronize, answerLimitMs);
    if (!(await hasAnswered(talk))) return false;
    await target.sendDatagram(
      '/run/systemd/journal/socket',
      `SYSLOG_IDENTIFIER=${identifier}\nPRIORITY=6\nMESSAGE=${line}\n`,
    );
    talk.say(synchronize);
    if (!(await hasAnswered(talk))) return false;
    // journald itself tells readers of it up to half a second late.
    await target.wakeWatchers(['/run/log/journal/*', '/var/log/journal/*']);
    return true;
  } catch (error) {
    if (error instanceof AtomclockError) return false;
    throw error;
  }
}

const synchronize = `${JSON.stringify({ method: 'io.systemd.Journal.Synchronize', parameters: {} })}\0`;

async function hasAnswered(talk: Conversation): Promise<boolean> {
  let said = '';
  for (let piece = await talk.listen(); piece; piece = await talk.listen()) {
    said += piece.toString('utf8');
    if (said.endsWith('\0')) return isAnswer(said.slice(0, -1));
    if (said.length > longestAnswer) return false;
  }
  return false;
}

/** An error has its name in it; what else is said there is an attack's. */
function isAnswer(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !('error' in value);
  } catch {
    return false;
  }
}

/** Against what hangs. */
const answerLimitMs = 60_000;
const longestAnswer = 64 * 1024;
