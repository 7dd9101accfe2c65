// Containers beside a target, on the real engine: what the engine sensor tells of them, and which rules see them.

import type { ContainerCreateOptions } from 'dockerode';
import { beforeAll, expect, it } from 'vitest';
import { loadRuleFiles } from '../../harness/content/rule-files.ts';
import { followEngine } from '../../harness/docker/container/engine-feed.ts';
import { labelsFor } from '../../harness/docker/container/labels.ts';
import { connect } from '../../harness/docker/host/connection.ts';
import { Attribution } from '../../harness/engine/proof/attribution.ts';
import type { EcsEvent } from '../../harness/model/event.ts';
import { compileRules, loadRules } from '../../harness/rules/index.ts';
import { startEngineSensor } from '../../harness/telemetry/engine/sensor.ts';
import { bootDebian12, debian12Image, runId } from './fixture.ts';

let events: EcsEvent[];
let owners: string[];
let targetId: string;

/** A container that stands for one of the attack's, or one of another case; gone when the test is. */
async function beside(options: ContainerCreateOptions, caseId = 'test') {
  const { docker } = await connect();
  const labels = labelsFor({ role: 'target', run: runId, case: caseId, standsFor: 'attack' });
  const container = await docker.createContainer({
    Image: await debian12Image(),
    Labels: labels,
    Entrypoint: [],
    ...options,
    HostConfig: { NetworkMode: 'none', ...options.HostConfig },
  });
  return { container, [Symbol.asyncDispose]: () => container.remove({ force: true }) };
}

beforeAll(async () => {
  events = [];
  const engine = await connect();
  await using feed = await followEngine(engine, runId);
  await using sensor = startEngineSensor(feed);
  await using target = await bootDebian12();
  targetId = target.id;
  await using watch = await sensor.watch(target, (event) => events.push(event));
  // What is only created has mounted nothing yet: nothing of this machine is touched.
  await using _given = await beside({ Cmd: ['true'], HostConfig: { Binds: ['/etc:/host/etc'] } });
  await using _backup = await beside({ Cmd: ['true'], HostConfig: { Binds: ['/etc:/host/etc:ro'] } });
  await using _elsewhere = await beside({ Cmd: ['true'], HostConfig: { Binds: ['/etc:/e'] } }, 'other');
  await using daemon = await beside({ Cmd: ['cron', '-f'], User: 'root' });
  await daemon.container.start();
  const exec = await daemon.container.exec({ Cmd: ['id', '-u'], User: 'alice', AttachStdout: true });
  await exec.start({});
  await daemon.container.kill();
  await daemon.container.wait();
  await watch.barrier();
  const attribution = new Attribution([{ role: 'attack', nonce: null }]);
  attribution.expectStep('attack', ['/bin/sh', '/step']);
  for (const event of events) attribution.push(event);
  owners = events.map((event) => attribution.ownerOf(event));
});

it('tells of the target from its creation on, as of what the harness did', () => {
  const own = events.filter(({ container }) => container?.id === targetId);
  expect(own.map(({ event }) => event.action).slice(0, 1)).toEqual(['create']);
  expect(own.some(({ event }) => event.action === 'start')).toBe(true);
  expect(new Set(owners.filter((_, at) => events[at]?.container?.id === targetId))).toEqual(
    new Set(['harness']),
  );
});

it('tells of the containers beside it as of the attack, and of no other case', () => {
  const others = events.filter(({ container }) => container?.id !== targetId);
  const told = others.map(({ event, process, user }) => [event.action, process?.command_line, user?.name]);
  expect(told.slice(0, 3)).toEqual([
    ['create', 'true', 'root'],
    ['create', 'true', 'root'],
    ['create', 'cron -f', 'root'],
  ]);
  expect(told).toContainEqual(['exec_create', 'id -u', 'alice']);
  // Whether its removal is told as well by now, is up to the engine.
  const ends = others.filter(({ event }) => event.action === 'die');
  expect(ends.map(({ event }) => event.outcome)).toEqual(['failure']);
  expect(new Set(owners.filter((_, at) => events[at]?.container?.id !== targetId))).toEqual(
    new Set(['attack']),
  );
});

it('has our rules see the one that is given /etc and the one that runs cron, and not the backup', () => {
  const { rules } = loadRules(loadRuleFiles({ bundled: true, foreign: [] }).sources);
  const session = compileRules(rules, { fields: 'ecs' }).session();
  const attacks = events.filter((_, at) => owners[at] === 'attack');
  const matches = [...attacks.flatMap((event, at) => session.push(event, at)), ...session.finish()];
  const seen = matches.map(({ rule, handles }) => [
    rule.slug,
    ...handles.map((at) => attacks[at]?.process?.command_line),
  ]);
  expect(seen).toEqual([
    ['container-given-schedules', 'true'],
    ['container-runs-scheduler-as-root', 'cron -f'],
  ]);
});
