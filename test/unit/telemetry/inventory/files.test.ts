// What becomes of the things that can lie where schedulers look: which are followed, taken whole, summed or left out.

import { expect, it } from 'vitest';
import type { FilesQuestion, Found, Question, Target } from '../../../../harness/engine/ports.ts';
import { parseAccounts } from '../../../../harness/telemetry/accounts.ts';
import { lookAtFiles } from '../../../../harness/telemetry/inventory/files.ts';

const own = (type: string, { mode = 644, uid = 0, size = 2, names = 1 } = {}): string =>
  `${type} ${mode} ${uid} ${size} 1700000000.5 1700000001.000000001 ${names}`;
const found = (path: string, facts: string, link = '', content?: string): Found => ({
  path,
  facts: content === undefined ? facts : `${facts}\ncontent`,
  link,
  content: Buffer.from(content ?? ''),
});

/** A target in which that lies below one place; and what was asked of it besides. */
async function files(place: string, things: readonly Found[], behind: readonly Found[] = []) {
  const asked: FilesQuestion[] = [];
  const commands: string[][] = [];
  const look: Target['look'] = async (questions: readonly Question[]) => {
    const of = questions.filter((question) => question.ask === 'files');
    asked.push(...of);
    return {
      found: of.map(({ path, throughLink }) => {
        if (throughLink) return [found(path, own('l')), ...behind];
        return path === place ? things : [];
      }),
      isCut: false,
    };
  };
  const exec: Target['exec'] = async (argv) => {
    commands.push([...argv]);
    const stdout = argv
      .slice(2)
      .map((path) => `${'ab'.repeat(32)}  ${path}`)
      .join('\n');
    return { exitCode: 0, stdout, stderr: '', startedAt: '', ms: 1 };
  };
  const accounts = parseAccounts('root:x:0:0::/root:\nalice:x:1000:1000::/home/alice:');
  const context = { homes: ['/home/alice'], madeAt: '5.5', libIsLink: true, accounts };
  const seen = await lookAtFiles({ look, exec } as Target, context);
  return { seen, asked, commands };
}

const folder = found('/etc/cron.d', own('d'));

it.each<[string, Found, object | undefined]>([
  [
    'a file',
    found('/etc/cron.d/x', own('f', { uid: 1000 }), '', 'hi'),
    { type: 'file', content: 'hi', mode: '0644', owner: 'alice', mtime: 1_700_000_000, links: false },
  ],
  ['an empty file', found('/etc/cron.d/x', own('f', { size: 0 }), '', ''), { type: 'file', content: '' }],
  ['one of two names', found('/etc/cron.d/x', own('f', { names: 2 }), '', 'hi'), { links: true }],
  [
    'one that is no text',
    found('/etc/cron.d/x', own('f'), '', 'a\0b'),
    { type: 'file', content: null, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ],
  [
    'a link to a file',
    found(
      '/etc/cron.d/x',
      `${own('l', { mode: 777 })}\n${own('f', { mode: 600, uid: 1000 })}`,
      '/opt/x',
      'hi',
    ),
    { type: 'symlink', target: '/opt/x', content: 'hi', mode: '0600', owner: 'alice' },
  ],
  [
    'a link to nothing',
    found('/etc/cron.d/x', own('l', { mode: 777 }), '/nowhere'),
    { type: 'symlink', target: '/nowhere', content: null, sha256: '', mode: '0777' },
  ],
  [
    'a link to a file of a package',
    found('/etc/cron.d/x', `${own('l', { mode: 777 })}\n${own('f')}`, '/usr/lib/x', 'hi'),
    { type: 'symlink', target: '/usr/lib/x', content: 'hi' },
  ],
  [
    'a link that says its way from where it lies',
    found('/etc/cron.d/x', `${own('l', { mode: 777 })}\n${own('f', { mode: 755 })}`, '../../opt/x', 'hi'),
    { type: 'symlink', target: '../../opt/x', content: 'hi', mode: '0755' },
  ],
  [
    'a link to a unit of a package',
    found(
      '/etc/cron.d/x',
      `${own('l', { mode: 777 })}\n${own('f')}`,
      '../../lib/systemd/system/x.timer',
      'hi',
    ),
    { type: 'symlink', target: '../../lib/systemd/system/x.timer', content: null, mode: '0777' },
  ],
  ['a pipe', found('/etc/cron.d/x', own('p')), { type: 'pipe', content: '' }],
  ['a socket', found('/etc/cron.d/x', own('s')), undefined],
  ['a folder', found('/etc/cron.d/x', own('d')), undefined],
])('%s', async (_, thing, expected) => {
  const { seen, commands } = await files('/etc/cron.d', [folder, thing]);
  expect(seen.files).toHaveLength(expected ? 1 : 0);
  if (expected) expect(seen.files[0]).toMatchObject(expected);
  expect(commands).toEqual([]);
});

it('sums what is too large to be taken, in one command', async () => {
  const large = ['a', 'b'].map((name) => found(`/etc/cron.d/${name}`, own('f', { size: 70_000 })));
  const { seen, commands } = await files('/etc/cron.d', [folder, ...large]);
  expect(commands).toEqual([['sha256sum', '--', '/etc/cron.d/a', '/etc/cron.d/b']]);
  expect(seen.files.map(({ content, sha256 }) => [content, sha256.length])).toEqual([
    [null, 64],
    [null, 64],
  ]);
});

it('looks behind a place, or a folder of drop-ins, that is a link', async () => {
  const link = (path: string) => found(path, `${own('l', { mode: 777 })}\n${own('d')}`, '/opt/elsewhere');
  const inside = found('/etc/cron.d/inside', own('f'), '', 'hi');
  const asPlace = await files('/etc/cron.d', [link('/etc/cron.d')], [inside]);
  expect(asPlace.seen.files.map(({ path }) => path)).toEqual(['/etc/cron.d', '/etc/cron.d/inside']);
  const asDropIns = await files('/etc/systemd/system', [
    found('/etc/systemd/system', own('d')),
    link('/etc/systemd/system/x.service.d'),
    link('/etc/systemd/system/other'),
  ]);
  expect(asDropIns.asked.filter(({ throughLink }) => throughLink).map(({ path }) => path)).toEqual([
    '/etc/systemd/system/x.service.d',
  ]);
});

it('asks of what packages ship for what changed since the machine was made, each folder by one name', async () => {
  const { asked } = await files('/none', []);
  const shipped = asked.filter(({ onlyIf }) => onlyIf);
  expect(shipped.map(({ path }) => path)).toContain('/usr/lib/systemd/system');
  expect(shipped.filter(({ path }) => path.startsWith('/lib/'))).toEqual([]);
  expect(new Set(shipped.map(({ onlyIf }) => onlyIf?.since))).toEqual(new Set(['5.5']));
});
