import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  caseFolder,
  placeOfCase,
  readCase,
  readEvidenceFile,
  writeCase,
  writeEvidenceFile,
} from '../../../harness/content/evidence-folder.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import type { EvidenceFile } from '../../../harness/model/evidence.ts';
import { aPlannedCase, runFacts } from '../engine/content.ts';
import { exec, file as fileEvent, process } from '../engine/events.ts';

let run: string;
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'atomclock-evidence-'));
});
afterEach(() => rmSync(run, { recursive: true }));

const id = 'at-stdin@debian12+at-allow';
const evidence = blankEvidence(aPlannedCase({ id, user: 'alice' }), () => 'c0ffee');
const program = process({ pid: 7, executable: '/bin/true', args: ['true', 'a\nb', 'ü'] });
const events = [
  exec(program),
  // Of a mode that was set it is told what it was before, and no other name.
  fileEvent('permissions', '/etc/cron.d/x', program, { mode: '0644', Ext: { original: { mode: '0666' } } }),
];
const file = (cases: string[]): EvidenceFile => ({
  evidenceVersion: 2,
  run: runFacts,
  rules: [{ file: 'a.eql', text: 'any where true', bundled: false }],
  cases: cases.map(placeOfCase),
});

describe('an evidence folder', () => {
  it('gives back what was written, and leaves no half files', async () => {
    await writeCase(run, { evidence, events });
    await writeEvidenceFile(run, file([id]));
    expect(await readEvidenceFile(run)).toEqual(file([id]));
    expect(await readCase(run, placeOfCase(id))).toEqual({ evidence, events });
    expect(readdirSync(join(run, 'cases', id)).sort()).toEqual([
      'case.json',
      'events.ndjson',
      'raw',
      'transcript.txt',
    ]);
  });

  it.each(['../../etc', 'a/b', '..', '', '/etc/passwd', '.hidden'])(
    'refuses the case name %j',
    async (name) => {
      await expect(caseFolder(run, name)).rejects.toThrow(/cannot be read as evidence/);
      writeFileSync(join(run, 'evidence.json'), JSON.stringify(file([name])));
      await expect(readEvidenceFile(run)).rejects.toMatchObject({ code: 'evidence/damaged', exitCode: 2 });
    },
  );

  it('says which case is not there', async () => {
    await writeEvidenceFile(run, file([id]));
    await expect(readEvidenceFile(run)).rejects.toThrow(`cases/${id} is not there`);
  });

  it('refuses a newer version by name', async () => {
    writeFileSync(join(run, 'evidence.json'), JSON.stringify({ ...file([]), evidenceVersion: 9 }));
    await expect(readEvidenceFile(run)).rejects.toThrow('evidenceVersion 9');
  });

  it('says what is missing, and what is damaged and where', async () => {
    await expect(readEvidenceFile(run)).rejects.toMatchObject({ code: 'evidence/missing' });
    mkdirSync(join(run, 'cases', id), { recursive: true });
    writeFileSync(join(run, 'cases', id, 'case.json'), JSON.stringify({ ...evidence, steps: 'none' }));
    await expect(readCase(run, placeOfCase(id))).rejects.toThrow(/steps/);
    await writeCase(run, { evidence, events });
    writeFileSync(join(run, 'cases', id, 'events.ndjson'), '{"event":{}}\n{"event":\n');
    // The case is there to be told as errored; its events are not.
    const { evidence: read } = await readCase(run, placeOfCase(id));
    expect(read.faults).toMatchObject([
      { code: 'evidence/damaged', message: expect.stringMatching(/events\.ndjson:1:1/) },
    ]);
  });
});
