// The terminal that this program stands in, joined with a process elsewhere: raw while somebody sits at it, and as it was
// before when he leaves.

import type { ReadStream, WriteStream } from 'node:tty';
import type { TerminalUser } from '../main/world.ts';

/** @param kind the value of TERM */
export function ownTerminal(
  stdin: ReadStream,
  stdout: WriteStream,
  { kind, enough }: Pick<TerminalUser, 'kind' | 'enough'>,
): TerminalUser {
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  let isOtherScreen = false;
  return {
    kind,
    enough,
    get size() {
      return size();
    },
    attach(session) {
      const typed = (bytes: Buffer) => session.write(bytes);
      const resized = () => void session.resize(size()).catch(() => {});
      stdin.setRawMode(true);
      stdin.on('data', typed).resume();
      stdout.on('resize', resized);
      return {
        [Symbol.dispose]() {
          stdin.off('data', typed).pause();
          stdout.off('resize', resized);
          stdin.setRawMode(false);
          if (kind !== 'dumb') stdout.write(`${isOtherScreen ? leaveOtherScreen : ''}${asBefore}`);
        },
      };
    },
    show(bytes) {
      const text = Buffer.from(bytes).toString('latin1');
      const [entered, left] = [text.lastIndexOf(enterOtherScreen), text.lastIndexOf(leaveOtherScreen)];
      if (entered !== left) isOtherScreen = entered > left;
      stdout.write(bytes);
    },
  };
}

/* What a program that ended with its target could not take back. @source XTerm Control Sequences, DECSET */
const enterOtherScreen = '\u001b[?1049h';
const leaveOtherScreen = '\u001b[?1049l';
/** No bracketed paste, no mouse, plain cursor keys, a cursor, plain letters. */
const asBefore = '\u001b[?2004l\u001b[?1000l\u001b[?1l\u001b[?25h\u001b[0m';
