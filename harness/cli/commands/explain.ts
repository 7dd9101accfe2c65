// `atomclock explain`: one atomic, rule or mitigation in plain words, with what proves it.

import { type Block, explain } from '../../main/explain.ts';
import { exitCodes } from '../../model/errors.ts';
import { printable, printableLines } from '../../report/printable.ts';
import { type Paint, painter, wrap } from '../../report/table.ts';
import type { CommandResult } from '../command.ts';
import type { Io, Output } from '../io.ts';
import type { ExplainOptions } from '../options.ts';
import { showProgress } from '../progress.ts';

/** @throws as `explain` does */
export async function explainCommand(options: ExplainOptions, io: Io): Promise<CommandResult> {
  using progress = showProgress(io);
  const explained = await explain(options, io, progress.show);
  if (explained.kind === 'content') io.stdout.write(render(explained.blocks, io.stdout));
  else for (const text of explained.paragraphs) io.stdout.write(`${printableLines(text)}\n`);
  return { exitCode: exitCodes.asExpected };
}

/** Lines longer than this are hard to read, however wide the terminal is. */
const readableWidth = 100;

function render(blocks: readonly Block[], { color, columns }: Output): string {
  const paint = painter(color);
  const width = Math.max(60, Math.min(columns, readableWidth));
  return `${blocks.flatMap((block, index) => [...(index > 0 ? spaceBefore(block) : []), ...lines(block, width, paint)]).join('\n')}\n`;
}

/** A heading belongs to what follows it. */
const spaceBefore = ({ kind }: Block): string[] => (kind === 'list' || kind === 'code' ? [] : ['']);

function lines(block: Block, width: number, paint: Paint): string[] {
  switch (block.kind) {
    case 'title':
      return [
        `${paint('bold', printable(block.name))}  ${printable(block.text)}`,
        paint('dim', printable(block.facts.join(' · '))),
      ];
    case 'heading':
      return [paint('bold', printable(block.text))];
    case 'paragraph':
      return block.text.split(/\n\s*\n/).flatMap((text) => wrap(printable(text), width));
    case 'code':
      return printableLines(block.text.trimEnd())
        .split('\n')
        .map((line) => `    ${line}`);
    case 'list':
      return block.items.flatMap((item) =>
        wrap(printable(item), width - 4).map((line, index) => `  ${index === 0 ? '-' : ' '} ${line}`),
      );
  }
}
