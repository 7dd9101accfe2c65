// Exported atomics and variants: read back they are the same tests with other defaults, each with a GUID of its own.

import { describe, expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import { loadAtomics } from '../../../harness/content/atomics.ts';
import { defaultInputs, renderCommand } from '../../../harness/model/atomic.ts';
import { memoryIo } from '../cli/memory-io.ts';
import { folderOf } from '../content/folder-of.ts';

async function exported(...words: string[]) {
  const folder = folderOf({});
  const io = memoryIo();
  const exitCode = await runProgram(['export', '--art', folder, ...words], io, '1.0.0');
  return { folder, exitCode, stdout: io.stdout.text, stderr: io.stderr.text };
}
const readBack = (folder: string) => loadAtomics({ bundled: false, foreign: [folder] });
const bundled = loadAtomics({ bundled: true, foreign: [] }).atomics;

describe('export --art', () => {
  it('writes an atomic and its variants as tests of their own', async () => {
    const { folder, exitCode, stderr } = await exported('cron-d-drop', '--variants', 'writer,alias');
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^1 atomics and \d+ variants written\n$/)]);
    const { atomics, problems } = readBack(folder);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const [base, ...variants] = atomics;
    const own = bundled.find(({ slug }) => slug === 'cron-d-drop');
    expect(base).toMatchObject({
      guid: own?.guid,
      name: own?.name,
      executor: own?.executor,
      inputs: own?.inputs,
    });
    expect(new Set(atomics.map(({ guid }) => guid)).size).toBe(atomics.length);
    const tee = variants.find(({ name }) => name.endsWith('(writer tee)'));
    expect(tee && renderCommand(tee.executor.command, defaultInputs(tee.inputs))).toBe(
      "echo '* * * * * root /usr/bin/touch /tmp/atomclock-marker' | tee /etc/cron.d/atomclock-job\n",
    );
  });

  it('gives the same files each time', async () => {
    const [one, other] = [await exported('at-stdin'), await exported('at-stdin')];
    expect(readBack(one.folder).atomics.map(({ guid }) => guid)).toEqual(
      readBack(other.folder).atomics.map(({ guid }) => guid),
    );
  });

  it('parts what is too large for one file', async () => {
    const { folder, stdout } = await exported(
      'timer-system',
      'timer-run',
      'timer-linked',
      'timer-dropin',
      'timer-user',
    );
    expect(stdout).toContain(`${folder}/part-2/T1053.006/T1053.006.yaml`);
    const { atomics, problems } = readBack(folder);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(atomics.length).toBeGreaterThan(400);
  });

  it.each<[string[], number, string]>([
    [['cron-d-drop', '--variants', 'none'], 0, '1 atomics and 0 variants written'],
    [['cron-d-drop~writer=tee', '--variants', 'none'], 0, '1 atomics and 1 variants written'],
    [['nobody'], 4, "no atomic is meant by 'nobody'"],
    [['cron-d-drop', '--variants', 'colour'], 2, 'there is no axis colour'],
  ])('%j', async (words, code, said) => {
    const { exitCode, stderr } = await exported(...words);
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(said)]);
  });

  it('asks for a folder', async () => {
    const io = memoryIo();
    expect(await runProgram(['export', 'at-stdin'], io, '1.0.0')).toBe(2);
    expect(io.stderr.text).toContain('expects one of --art DIR');
  });
});
