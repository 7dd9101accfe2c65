// Streams in memory: what a command writes can be read back.

import type { Io, Output } from '../../../harness/cli/io.ts';

export interface MemoryIo extends Io {
  readonly stdout: MemoryOutput;
  readonly stderr: MemoryOutput;
  readonly interrupt: AbortController;
}

export interface MemoryOutput extends Output {
  text: string;
}

export function memoryIo(changes: { env?: Io['env']; stderr?: Partial<Output> } = {}): MemoryIo {
  const interrupt = new AbortController();
  return {
    stdout: memoryOutput(),
    stderr: memoryOutput(changes.stderr),
    confirm: null,
    enter: null,
    openTerminal: null,
    onInterrupt: () => ({ [Symbol.dispose]: () => {} }),
    interrupt,
    signal: interrupt.signal,
    env: changes.env ?? {},
  };
}

function memoryOutput(changes: Partial<Output> = {}): MemoryOutput {
  const output: MemoryOutput = {
    text: '',
    write(text) {
      output.text += text;
    },
    isTty: false,
    color: false,
    columns: 80,
    ...changes,
  };
  return output;
}
