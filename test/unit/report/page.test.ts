// The HTML page in a browser, with a thousand cases: it opens at once, is worked with, and is for everybody to read.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffRuns } from '../../../harness/engine/record/diff.ts';
import { renderDiffHtml } from '../../../harness/report/diff/html.ts';
import { renderHtml } from '../../../harness/report/html/page.ts';
import { chromiumPath } from '../../chromium.ts';
import { bareRecord, manyOf, sampleRecord, variedRecord } from './fixture.ts';

const bait = '</script><img src=x onerror="window.bitten=1"><b onclick=1>bait</b>';
/** For a machine that is busy: what is waited for comes, or the test hangs. */
const patience = 120_000;

describe.skipIf(chromiumPath === undefined)('the page (skipped where no Chromium is installed)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'atomclock-page-'));
  /** A thousand cases, and as few as the sample has twice: most of what a page does it does in both. */
  const files = {
    large: join(folder, 'large.html'),
    small: join(folder, 'small.html'),
    varied: join(folder, 'varied.html'),
    comparison: join(folder, 'comparison.html'),
    bare: join(folder, 'bare.html'),
  };
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  const open = async (size: keyof typeof files, hash = '', width = 1440): Promise<void> => {
    await page.setViewportSize({ width, height: 900 });
    // Another address of the same page would not load it anew.
    await page.goto('about:blank');
    await page.goto(`${pathToFileURL(files[size])}${hash}`);
  };
  /** How many of something are in sight of a reader. */
  const count = (selector: string): Promise<number> => page.locator(selector).count();

  beforeAll(async () => {
    for (const [size, copies] of [
      ['large', 100],
      ['small', 2],
    ] as const) {
      const { record, traces } = manyOf(copies, bait);
      writeFileSync(files[size], renderHtml(record, { color: false, columns: 80, traces }).output);
    }
    writeFileSync(
      files.varied,
      renderHtml(variedRecord(), { color: false, columns: 80, traces: null }).output,
    );
    const bare = { ...bareRecord(), rules: bareRecord().rules.toReversed() };
    writeFileSync(files.bare, renderHtml(bare, { color: false, columns: 80, traces: null }).output);
    const [before, after] = [sampleRecord(), sampleRecord()];
    for (const rule of after.rules) rule.firedIn = [];
    before.rules.push(
      ...after.rules.map((rule, at) => ({ ...rule, id: `r${at}`, slug: `only-before-${at}` })),
    );
    const comparison = { before, after, diff: diffRuns(before, after) };
    writeFileSync(files.comparison, renderDiffHtml(comparison).output);
    // Where tests run as root, in a container of their own, Chromium has no sandbox.
    browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    page = await browser.newPage();
    page.setDefaultTimeout(patience);
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it('opens fifty times as many cases in far less than fifty times the time: rows that are not seen are not made', async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const taken = async (size: keyof typeof files): Promise<number> => {
      const before = await tasks();
      await open(size);
      return (await tasks()) - before;
    };
    const tasks = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
    };
    const small = await taken('small');
    const large = await taken('large');
    expect(large).toBeLessThan(10 * small);
    expect(await count('details.case')).toBeLessThan(200);
    expect(await page.locator('#main').getByText('0 of 200 seen').count()).toBe(1);
  });

  it('says first what nobody saw', async () => {
    await open('large');
    expect(await page.locator('.verdict').textContent()).toMatch(
      /; no rule saw 200 of the 300 executed attacks\.$/,
    );
    expect(await page.locator('.techniques li').allTextContents()).toEqual([
      expect.stringMatching(/^T1053\.002\s+100 of 100 seen$/),
      expect.stringMatching(/^T1053\.003\s+0 of 200 seen/),
    ]);
  });

  it('makes further rows when they are scrolled to', async () => {
    await open('large');
    const before = await count('details.case');
    await page.locator('#case-rows > .more').scrollIntoViewIfNeeded();
    await expect.poll(() => count('details.case'), { timeout: patience }).toBeGreaterThan(before);
  });

  it('opens the case of a cell at the rule of its column, and the rule shows the line that failed', async () => {
    await open('small');
    const cell = page.getByRole('link', { name: 'cron-d-drop-0, cron-d-created: missed' });
    await cell.click();
    const detection = page.locator('details.case[open] details.detection[open]');
    expect(await detection.getAttribute('data-rule')).toBe('cron-d-created');
    expect(await detection.locator('.lines li.fails code').textContent()).toContain('/etc/crom.d/');
    expect(await detection.locator('.lines li.fails .note').textContent()).toContain('/etc/cron.d/x');
    expect(await page.evaluate('document.activeElement.textContent')).toContain('cron-d-created');
  });

  it('opens the content of an event that a case cites', async () => {
    await open('small', '#case=cron-d-drop-1%40debian12');
    const row = page.locator('details.case[open]');
    await row.locator('ol.timeline a', { hasText: 'ebpf-22' }).first().click();
    const event = row.locator('details.event[open]');
    await event.waitFor();
    expect(await event.getAttribute('data-event')).toBe('ebpf-22');
    expect(await event.locator('dl').textContent()).toMatch(/process\.parent\.command_line\s*sh -c id/);
  });

  it('shows the life of a case: time line, processes, what was scheduled', async () => {
    await open('small', '#case=cron-d-drop-1%40debian12');
    const row = page.locator('details.case[open]');
    expect(await row.locator('.timeline li b').allTextContents()).toEqual(['command', 'file', 'payload']);
    expect(await row.locator('.tree li.scheduler').textContent()).toContain('/usr/sbin/cron -f');
    expect(await row.locator('.tree li.payload').textContent()).toContain('/usr/bin/touch /tmp/x');
    expect(await row.locator('table tbody tr').first().textContent()).toMatch(
      /added\s*system-crontab\s*root/,
    );
  });

  it('follows a link from elsewhere to an event of the last case', async () => {
    await open('large', '#case=cron-d-drop-99%40debian12&event=ebpf-14');
    const event = page.locator('details.event[open]');
    expect(await event.getAttribute('data-event')).toBe('ebpf-14');
    expect(await page.locator('details.case[open] > summary .name').textContent()).toBe(
      'cron-d-drop-99@debian12',
    );
    expect(await event.evaluate((each) => each.getBoundingClientRect().top)).toBeLessThan(900);
  });

  it('of a bare file shows the rules that matched first, each match with its line', async () => {
    await open('bare');
    expect(await page.locator('details.rule .name').allTextContents()).toEqual([
      'at-job-queued',
      'cron-chain',
      'quiet',
    ]);
    await page.locator('details.rule > summary', { hasText: 'cron-chain' }).click();
    // Its rows are made once it is open.
    const lines = () => page.locator('details.rule[open] li').allTextContents();
    await expect.poll(lines, { timeout: patience }).toContain('logs/cron.log:1, logs/cron.log:4');
  });

  it('follows a link to a rule', async () => {
    await open('small', '#rule=cron-d-created');
    const rule = page.locator('details.rule[open]');
    expect(await rule.locator('.lines li.fails .note').textContent()).toContain('alternative');
  });

  it('is narrowed by chips and words, says to how many, and keeps it in the address', async () => {
    await open('large');
    await page.getByRole('button', { name: /^unseen/ }).click();
    expect(await page.locator('#found').textContent()).toBe('200 of 1000 cases');
    await page.locator('body').press('/');
    await page.keyboard.type('missing-script-7');
    expect(await page.locator('#found').textContent()).toBe('11 of 1000 cases');
    expect(await page.locator('details.matrix-of:not([hidden]) tbody th a').count()).toBe(11);
    const address = new URL(page.url()).hash;
    await open('large', address);
    expect(await page.locator('#found').textContent()).toBe('11 of 1000 cases');
    expect(await page.getByRole('button', { name: /^unseen/ }).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: 'Show all' }).click();
    expect(await page.locator('#found').textContent()).toBe('');
  });

  it('shows the column of a rule that is searched for', async () => {
    await open('small', '#q=at-client');
    expect(await page.locator('details.matrix-of:not([hidden]) thead th').allTextContents()).toEqual([
      'Procedure',
      'at-client-exec',
    ]);
  });

  it('counts for a rule the variants that executed, and says which got past it', async () => {
    await open('varied');
    const row = page.locator('.matrix-of tbody tr', { hasText: 'at-stdin' });
    expect(await row.locator('th .quiet').textContent()).toBe(' 3 of 4 executed');
    expect(await row.locator('td a').allTextContents()).toContain('2/3');
    const cells = page.locator('#survival-table tbody tr').first().locator('th, td');
    expect(await cells.allTextContents()).toEqual([
      'at-client-exec',
      '1 of 2',
      '! claims 2K, beaten at 1',
      'writer 1/2',
      'at-stdin~writer=cp process.name is "at"; saw process.name "cp"',
    ]);
    await cells.last().getByRole('link').click();
    expect(await page.locator('details.case[open] > summary .name').textContent()).toBe(
      'at-stdin~writer=cp@debian12',
    );
  });

  it('narrows the mitigations to those that are searched for, each cell with a name', async () => {
    await open('varied', '#q=further-3');
    const table = page.locator('#mitigation-table');
    expect(await table.locator('thead th').allTextContents()).toEqual(['Procedure', 'further-3']);
    expect(await table.getByRole('link', { name: 'at-stdin, further-3: blocks' }).count()).toBe(1);
    await open('varied', '#show=fail');
    expect(await table.locator('tbody th').allTextContents()).toEqual(['cron-d-drop']);
  });

  it('is reached by keyboard, first of all past the contents', async () => {
    await open('small');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });

  it('goes back to the link that was followed, with the keys alone', async () => {
    await open('small');
    const cell = page.getByRole('link', { name: 'cron-d-drop-0, cron-d-created: missed' });
    await cell.focus();
    await page.keyboard.press('Enter');
    const focused = () => page.evaluate('document.activeElement.textContent');
    await expect.poll(focused, { timeout: patience }).toContain('cron-d-created');
    await page.goBack();
    const label = () => page.evaluate("document.activeElement.getAttribute('aria-label')");
    await expect.poll(label, { timeout: patience }).toBe('cron-d-drop-0, cron-d-created: missed');
    const { y } = (await cell.boundingBox()) ?? { y: -1 };
    expect(y).toBeGreaterThanOrEqual(0);
    await page.goForward();
    await expect.poll(focused, { timeout: patience }).toContain('cron-d-created');
  });

  it('is gone through by arrow keys within a matrix, from link to link, and no further than its edge', async () => {
    await open('small');
    const names: unknown[] = [];
    await page.locator('.matrix-of tbody th a', { hasText: 'cron-d-drop-0' }).focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp', 'ArrowLeft']) {
      await page.keyboard.press(key);
      names.push(
        await page.evaluate(
          "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent",
        ),
      );
    }
    expect(names).toEqual([
      'cron-d-drop-0, cron-d-created: missed',
      'cron-d-drop-1, cron-d-created: missed',
      'cron-d-drop-1',
      'cron-subfolders-0',
      'cron-subfolders-0',
    ]);
  });

  it('keeps the focus where all is shown again: the button for that is gone then', async () => {
    await open('small', '#q=at-stdin');
    await page.getByRole('button', { name: 'Show all' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('search');
  });

  it('says of an address what it has not, until another is followed', async () => {
    await open('small', '#case=gone%40debian12');
    const status = page.getByRole('status').filter({ hasText: 'no case' });
    expect(await status.textContent()).toBe('This page has no case gone@debian12.');
    await page.evaluate("location.hash = 'rule=cron-d-created'");
    await expect.poll(() => page.locator('#missing').textContent(), { timeout: patience }).toBe('');
    await page.evaluate("location.hash = 'rule=gone'");
    await expect
      .poll(() => page.locator('#missing').textContent(), { timeout: patience })
      .toBe('This page has no rule gone.');
  });

  it('counts from when the attack began as the sensor saw it, and as the proof counts', async () => {
    await open('small', '#case=cron-d-drop-1%40debian12');
    const times = page.locator('details.case[open] .timeline li .when');
    expect(await times.allTextContents()).toEqual(['+0 ms', '+60 ms', '+60 ms']);
  });

  it.each([
    ['of variants', 'varied', '', '#survival-table tbody td, #survival-table tbody th'],
    ['of telemetry', 'varied', '', '#sensor-table tbody td'],
    ['of schedules', 'small', '#case=cron-d-drop-1%40debian12', 'details.case[open] .stacked tbody td'],
  ] as const)(
    'has on a phone no cell of the table %s that is a letter wide',
    async (_, size, hash, cells) => {
      await open(size, hash, 390);
      const widths = await page
        .locator(cells)
        .evaluateAll((all) => all.filter((one) => one.textContent !== '').map((one) => one.clientWidth));
      expect(widths.length).toBeGreaterThan(0);
      expect(Math.min(...widths)).toBeGreaterThan(300);
    },
  );

  it.each([
    ['a desk', 1440, '', 'small'],
    ['a phone', 390, '', 'small'],
    ['a phone, with a case', 390, '#case=cron-d-drop-1%40debian12&rule=cron-d-created', 'small'],
    ['a phone, with a rule', 390, '#rule=cron-d-created', 'small'],
    ['a phone, with variants and many mitigations', 390, '', 'varied'],
    ['a phone, of a comparison', 390, '', 'comparison'],
  ] as const)('scrolls nowhere sideways on %s', async (_, width, hash, size) => {
    await open(size, hash, width);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  it('is printed whole where it is narrowed to few cases, and as it was thereafter', async () => {
    await open('small', '#q=cron-d-drop-1%40');
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await count('details.case:not([open])')).toBe(0);
    expect(await count('main details:not([open])')).toBe(0);
    expect(await count('details.case .timeline')).toBeGreaterThan(0);
    expect(await page.locator('.paper').textContent()).toBe('');
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await count('details.case[open]')).toBe(0);
  });

  it('leaves on paper room for the names of procedures beside wide tables, which have all columns', async () => {
    await open('varied', '', 700);
    await page.emulateMedia({ media: 'print' });
    const table = page.locator('#mitigation-table table.matrix');
    const rooms = await table.locator('tbody th').evaluateAll((all) => all.map((one) => one.clientWidth));
    const width = (await table.boundingBox())?.width ?? Number.NaN;
    await page.emulateMedia({ media: null });
    expect(rooms.length).toBeGreaterThan(0);
    expect(Math.min(...rooms)).toBeGreaterThanOrEqual(100);
    expect(width).toBeLessThanOrEqual(700);
  });

  it('of a thousand cases prints all rows, and open what the reader has opened and twenty at most', async () => {
    await open('large', '#case=at-stdin-70%40debian12');
    await page.locator('details.case[open] details.event summary').first().click();
    const detailsOf = 'details.case[open] details.event[open]';
    expect(await count(detailsOf)).toBe(1);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await count('details.case')).toBe(1000);
    expect(await count('details.case[open]')).toBe(20);
    // The reader's own with all that it cites; of the others, which failed, the events are named.
    const own = page.locator('details.case[open]', { hasText: 'at-stdin-70@debian12' });
    expect(await own.locator('details:not([open])').count()).toBe(0);
    expect(await count('details.case[open]:has(.badge.bad, .badge.odd)')).toBeGreaterThanOrEqual(19);
    expect(await count(detailsOf)).toBe(await own.locator('details.event').count());
    expect(await page.locator('.paper').textContent()).toContain('20 of 1000 cases are printed open');
    expect(await count('.matrix tr.more:not([hidden])')).toBe(0);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await count('details.case[open]')).toBe(1);
    expect(errors).toEqual([]);
  });

  it.each([
    ['light', 'small', '#case=cron-d-drop-0%40debian12&rule=cron-d-created'],
    ['dark', 'small', '#case=cron-d-drop-0%40debian12&rule=cron-d-created'],
    ['light', 'varied', ''],
    ['light', 'comparison', ''],
    ['dark', 'comparison', ''],
  ] as const)('has nothing that axe finds serious, in %s, %s', async (colorScheme, size, hash) => {
    await open(size, hash);
    await page.emulateMedia({ colorScheme });
    if (size !== 'comparison') await page.locator('#chips button').first().click();
    // Through the debugger, which the page's policy for scripts does not concern.
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  it('runs nothing and shows as text what comes from outside, without an error', async () => {
    await open('small', '#case=crontab-missing-script-0%40debian12');
    expect(await page.evaluate('window.bitten')).toBeUndefined();
    expect(await count('img, b[onclick]')).toBe(0);
    expect(await page.locator('details.case[open] .body').textContent()).toContain(
      'onerror="window.bitten=1"',
    );
    expect(errors).toEqual([]);
  });
});
