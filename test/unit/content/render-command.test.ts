// Input arguments go into commands exactly as Atomic Red Team's runner puts them there.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultInputs, referencedInputs, renderCommand } from '../../../harness/model/atomic.ts';

it('replaces every mention, and nothing that only looks like one', () => {
  expect(renderCommand('#{a} #{ab} #{A} #{a } ${a} #a', { a: '1', ab: '2' })).toBe('1 2 #{A} #{a } ${a} #a');
});

it('takes values literally, replacement patterns and all', () => {
  expect(renderCommand("echo '#{v}'", { v: "$& $1 $$ `id` $' \\" })).toBe("echo '$& $1 $$ `id` $' \\'");
});

it.each([
  ['later', { script: '#{folder}/run.sh', folder: '/tmp' }],
  ['earlier', { folder: '/tmp', script: '#{folder}/run.sh' }],
  ['through another', { base: '/tmp', script: '#{folder}/run.sh', folder: '#{base}' }],
])('lets a value mention an argument that comes %s', (_, inputs) => {
  expect(renderCommand('#{script}', inputs)).toBe('/tmp/run.sh');
});

it('leaves values that come back to themselves, and bounds those that multiply', () => {
  expect(renderCommand('#{a}', { a: 'x#{b}', b: 'y#{a}' })).toBe('xy#{a}');
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`v${index}`, `#{v${index + 1}}#{v${index + 1}}`]),
  );
  for (const last of ['', 'x'])
    expect(renderCommand('#{v0}', { ...doubling, v40: last }).length).toBeLessThan(1_000_000);
});

it('leaves arguments without a value to the shell', () => {
  expect(renderCommand('echo #{missing}', {})).toBe('echo #{missing}');
});

it.each([
  ['sh PathToAtomicsFolder/T1053.003/src/x.sh', 'sh /opt/AtomicRedTeam/atomics/T1053.003/src/x.sh'],
  [
    "sh '$pathtoatomicsfolder/../ExternalPayloads/x'",
    "sh '/opt/AtomicRedTeam/atomics/../ExternalPayloads/x'",
  ],
  [
    'cp ../atomics/T1053/src/x . && sh ./atomics/T1053/x',
    'cp /opt/AtomicRedTeam/atomics/T1053/src/x . && sh /opt/AtomicRedTeam/atomics/T1053/x',
  ],
  ['#{script}', 'sh /opt/AtomicRedTeam/atomics/T1053/src/x'],
  [
    'curl https://host/master/atomics/T1053/src/x; ls my-atomics/T1053 atomics',
    'curl https://host/master/atomics/T1053/src/x; ls my-atomics/T1053 atomics',
  ],
])('%s finds the folder of the atomics', (text, expected) => {
  expect(renderCommand(text, { script: 'sh $PathToAtomicsFolder/T1053/src/x' })).toBe(expected);
});

it('gives a text without arguments back as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.dictionary(fc.string(), fc.string()), (text, inputs) => {
      fc.pre(!text.includes('#{'));
      expect(renderCommand(text, inputs)).toBe(text);
    }),
  );
});

it('puts any value in for one mention', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (before, value, after) => {
      fc.pre(!`${before}${value}${after}`.includes('#{'));
      expect(renderCommand(`${before}#{x}${after}`, { x: value })).toBe(before + value + after);
    }),
  );
});

it('names the arguments of a text, and the defaults of an atomic', () => {
  expect(referencedInputs('#{b} #{a} #{b} #{}')).toEqual(['b', 'a', '']);
  expect(defaultInputs({ a: { description: 'd', type: 'string', default: '1' } })).toEqual({ a: '1' });
});
