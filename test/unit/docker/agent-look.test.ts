// Questions to the agent, as it takes them, and its answers, in whatever frames they come.

import { expect, it } from 'vitest';
import type { AgentLink, Errand } from '../../../harness/docker/container/agent-link.ts';
import { AgentLook } from '../../../harness/docker/container/agent-look.ts';
import type { Question } from '../../../harness/engine/ports.ts';

function asked(questions: readonly Question[]) {
  const fields: string[] = [];
  let errand: Errand | undefined;
  const link = {
    ask: (_: string, given: readonly string[], one: Errand) => {
      fields.push(...given);
      errand = one;
      return 1;
    },
  } as unknown as AgentLink;
  const look = new AgentLook(link, questions);
  const hear = (kind: string, ...texts: string[]) =>
    errand?.hear({ kind, number: 1, fields: texts.map((text) => Buffer.from(text)) });
  return { look, fields, hear, lose: () => errand?.lose(link) };
}

it.each<[Question, string[]]>([
  [{ ask: 'clock' }, ['K', '', '', '']],
  [{ ask: 'processes', names: ['cron', 'crond'] }, ['P', 'cron\ncrond', '', '']],
  [{ ask: 'program', path: '/x' }, ['E', '/x', '', '']],
  [{ ask: 'names', path: '/x' }, ['N', '/x', '', '']],
  [{ ask: 'files', path: '/x' }, ['T', '/x', '', '']],
  [{ ask: 'files', path: '/x', depth: 0, withContents: true }, ['T', '/x', 'c0', '']],
  [
    { ask: 'files', path: '/*', isPattern: true, throughLink: true, onOneDevice: true, depth: 2 },
    ['T', '/*', 'ghx2', ''],
  ],
  [
    { ask: 'files', path: '/x', onlyIf: { ending: '.timer', since: '7.000000001' } },
    ['T', '/x', '', '.timer\n7.000000001'],
  ],
])('%j is asked as the agent takes it', (question, expected) => {
  expect(asked([question]).fields).toEqual(expected);
});

it('answers belong to their questions, in any number of frames', async () => {
  const { look, hear } = asked([
    { ask: 'clock' },
    { ask: 'names', path: '/a' },
    { ask: 'names', path: '/b' },
  ]);
  expect(hear('L', '0', '', '1 2 3', '', '', '2', 'one', '', '', '')).toBe(false);
  expect(hear('L', '2', 'two', '', '', '')).toBe(false);
  expect(hear('D')).toBe(true);
  const { found, isCut } = await look.result;
  expect(found.map((of) => of.map(({ path, facts }) => path || facts))).toEqual([
    ['1 2 3'],
    [],
    ['one', 'two'],
  ]);
  expect(isCut).toBe(false);
});

it('says where there was more than is told', async () => {
  const { look, hear } = asked([{ ask: 'clock' }]);
  hear('D', 'cut');
  expect((await look.result).isCut).toBe(true);
});

it('is refused by an agent that does not know it', async () => {
  const { look, hear } = asked([{ ask: 'clock' }]);
  expect(hear('F', 'frame', '38', 'Function not implemented')).toBe(true);
  await expect(look.result).rejects.toMatchObject({ code: 'lab/command-refused' });
});

it('is lost with its agent', async () => {
  const { look, lose } = asked([{ ask: 'clock' }]);
  lose();
  await expect(look.result).rejects.toThrow('the agent is gone');
});
