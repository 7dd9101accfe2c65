// The page of `atomclock lab` in a browser, on real containers: a lesson, side by side, a viewer, and the end of it all.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../harness/docker/host/connection.ts';
import { chromiumPath } from '../chromium.ts';
import { measureDelays } from '../event-delays.ts';
import { atomclock, lineOn } from './cli.ts';

/** For a machine that is busy: what is waited for comes, or the test hangs. */
const patience = 600_000;

describe.skipIf(chromiumPath === undefined)('the lab (skipped where no Chromium is installed)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'atomclock-lab-'));
  let lab: ReturnType<typeof atomclock>;
  let said = '';
  let browser: Browser;
  let trainer: Page;
  let viewer: Page;
  const errors: string[] = [];

  const open = async (role: 'Trainer' | 'Viewers', width: number, height: number): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width, height } });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.addInitScript(measureDelays);
    await page.goto(new RegExp(`${role}: (\\S+)`).exec(said)?.[1] ?? '');
    await page.locator('#lessons li').first().waitFor();
    return page;
  };
  /** Resolves when a run of the session has come to its end. @returns its verdict in a sentence */
  const ended = async (page: Page, count: number): Promise<string> => {
    await expect
      .poll(() => page.locator('#runs li', { hasText: /· (ended|failed)/ }).count(), { timeout: patience })
      .toBe(count);
    return (await page.locator('#sentence').textContent()) ?? '';
  };

  beforeAll(async () => {
    lab = atomclock(['lab', '--port', '0', '--out', folder]);
    lab.stdout?.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    if (lab.stdout) await lineOn(lab.stdout, /Viewers: \S+\n/);
    // Where tests run as root, in a container of their own, Chromium has no sandbox.
    browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    trainer = await open('Trainer', 1280, 720);
    viewer = await open('Viewers', 390, 844);
  });
  afterAll(async () => {
    lab?.kill('SIGINT');
    await browser?.close();
    await lab;
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes the token out of the address, and offers a viewer nothing to start', async () => {
    for (const page of [trainer, viewer]) expect(new URL(page.url()).search).toBe('');
    expect(await trainer.locator('#freely').isVisible()).toBe(true);
    expect(await viewer.locator('#freely').isVisible()).toBe(false);
    expect(await viewer.locator('#controls').isVisible()).toBe(false);
    expect(await viewer.locator('#lessons button').count()).toBe(0);
    expect(await viewer.locator('#lessons li').count()).toBe(await trainer.locator('#lessons li').count());
  });

  it('shows the attack of a lesson as it happens, to everybody', async () => {
    await trainer.locator('[data-lesson="at-allow"]').click();
    const sentence = await ended(trainer, 1);
    expect(sentence).toMatch(/^at-stdin worked: atd launched its payload as alice, and \d+ rules saw it\.$/);
    expect(await ended(viewer, 1)).toBe(sentence);
    expect(await viewer.locator('#lesson-title').textContent()).toContain('Only named users may use at');
    for (const page of [trainer, viewer]) {
      const view = page.locator('.case-live');
      expect(await view.count()).toBe(1);
      expect(await view.locator('.timeline li.command code').textContent()).toContain('| at now');
      expect(await view.locator('.timeline li.launched').count()).toBe(1);
      expect(await view.locator('.timeline details.event').count()).toBeGreaterThan(5);
      expect(await view.locator('.tree li.payload code').textContent()).toContain('/tmp/atomclock-');
      const rule = view.locator('.rules-live li.lit', { hasText: 'at-job-spooled' });
      expect(await rule.locator('.tests').textContent()).toContain('file.path = /var/spool/cron/atjobs/');
      expect(await view.locator('.files code').allTextContents()).toEqual(
        expect.arrayContaining([expect.stringMatching(/^\/var\/spool\/cron\/atjobs\/a/)]),
      );
    }
  });

  it('has events on the page while they happen, and tells how soon', async () => {
    const delays = (await trainer.evaluate('window.delays')) as number[];
    const median = delays.toSorted((a, b) => a - b)[Math.floor(delays.length / 2)] ?? Number.NaN;
    process.stderr.write(`lab: ${delays.length} events on the page after ${median} ms (median)\n`);
    // How long it takes says how busy the machine is: that it is measured, and no guess, is what is tested.
    expect(delays.length).toBeGreaterThan(5);
    expect(median).toBeGreaterThan(0);
    // A launch is known late and put between what came before: no row is made anew for it, or what is open would close.
    expect(delays).toHaveLength(await trainer.locator('.timeline details.event').count());
  });

  it('goes on with the space bar, stage by stage, to the same attack side by side', async () => {
    const titles = /^(Traces|Hardening|Refused)$/;
    for (const at of [1, 2, 3]) {
      await trainer.locator('body').press(' ');
      await trainer
        .locator(`#lesson .stages li:nth-child(${at + 1})[aria-current="step"]`, { hasText: titles })
        .waitFor();
    }
    expect(await ended(trainer, 2)).toMatch(
      /^at-allow stops at-stdin at submission: .*You do not have permission to use at\./,
    );
    const parting = trainer.locator('#parting tr.parts');
    expect(await parting.count()).toBe(1);
    expect(await parting.locator('th').textContent()).toContain('Submission');
    expect(await parting.locator('td').allTextContents()).toEqual([
      'accepted (exit 0)',
      'refused (exit 1): You do not have permission to use at.',
    ]);
    expect(await trainer.locator('.case-live').count()).toBe(2);
    expect(await trainer.locator('#parting .uses .good').count()).toBe(2);
  });

  it('links each run to its report, which runs by itself and is of no origin', async () => {
    expect(await trainer.locator('#runs a').count()).toBe(2);
    const [report] = await Promise.all([
      trainer.context().waitForEvent('page'),
      trainer.locator('#runs a').first().click(),
    ]);
    report.setDefaultTimeout(patience);
    await report.locator('#case-rows details.case').first().waitFor();
    expect(await report.locator('#mitigation-table').textContent()).toContain('at-allow');
    expect(await report.evaluate('self.origin')).toBe('null');
    await report.close();
  });

  it('has a terminal in a target, whose events and rules are on the same page', async () => {
    await trainer.locator('#freely > summary').click();
    await trainer.locator('#choose-user').selectOption('alice');
    await trainer.getByRole('button', { name: 'Open a terminal instead' }).click();
    const screen = trainer.locator('#terminal .xterm-rows');
    await expect.poll(() => screen.textContent(), { timeout: patience }).toMatch(/\$/);
    await trainer.keyboard.type("echo 'touch /tmp/by-hand' | at now\r");
    for (const page of [trainer, viewer])
      await page.locator('.rules-live li.lit', { hasText: 'at-job-spooled' }).waitFor();
    await expect
      .poll(() => viewer.locator('#terminal .xterm-rows').textContent(), { timeout: patience })
      .toContain('by-hand');
    expect(await viewer.locator('#terminal-leave').count()).toBe(0);
    await trainer.locator('#terminal-leave').click();
    expect(await ended(trainer, 3)).toMatch(
      /^shell worked: atd launched its payload as alice, and \d+ rules saw it\.$/,
    );
    await trainer.locator('#freely > summary').click();
  });

  it.each(['light', 'dark'] as const)('has nothing that axe finds serious, in %s', async (colorScheme) => {
    for (const page of [trainer, viewer]) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(
        readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
      );
      const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      // Nothing is wider than what it is looked at on.
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    }
  });

  it('holds before each stage where it is told to, and leaves no container when it is interrupted there', async () => {
    await trainer.locator('#freely > summary').click();
    await trainer.locator('#choose-step').check();
    await trainer.locator('#choose-atomic').selectOption('at-stdin');
    await trainer.locator('#choose-mitigation').selectOption('at-allow');
    await trainer.locator('#choose-user').selectOption('');
    await trainer.getByRole('button', { name: 'Detonate' }).click();
    await trainer.locator('#next', { hasText: 'Next stage: hardening' }).waitFor();
    await trainer.locator('body').press(' ');
    await trainer.locator('#next', { hasText: 'Next stage: prerequisites' }).waitFor();
    expect(await ownContainers()).toBeGreaterThan(0);
    lab.kill('SIGINT');
    expect((await lab).exitCode).toBe(130);
    expect(await ownContainers()).toBe(0);
    expect(errors.filter((each) => !each.includes('WebSocket'))).toEqual([]);
  });

  /** Containers that the lab's process started. */
  async function ownContainers(): Promise<number> {
    const { docker } = await connect();
    const all = await docker.listContainers({ all: true, filters: { label: ['dev.atomclock.owner'] } });
    return all.filter(({ Labels }) => Labels['dev.atomclock.owner']?.includes(`"pid":${lab.pid},`)).length;
  }
});
