// A pair with a network: what a step of the container does on the machine by ssh is the step's.

import { beforeEach, describe, expect, it } from 'vitest';
import { Attribution } from '../../../harness/engine/proof/attribution.ts';
import { Ownership } from '../../../harness/engine/proof/ownership.ts';
import { RoleSchedules } from '../../../harness/engine/proof/role-schedules.ts';
import type { ProcessFields } from '../../../harness/model/event.ts';
import { agentPath } from '../../../harness/model/target.ts';
import { exec, exit, outside, process, resetClock, running } from './events.ts';

const argv = ['/bin/sh', '/run/atomclock/step-1'];
const inContainer = { actor: true };

function ownership(): Ownership {
  const owned = new Ownership([{ role: 'attack', argv }], new RoleSchedules());
  const agent = process({ pid: 8, executable: agentPath, args: [agentPath], parent: outside });
  owned.observe(exec({ ...agent, entity_id: 'agent' }, inContainer));
  const step = process({
    pid: 20,
    executable: '/usr/bin/dash',
    args: argv,
    parent: { ...agent, entity_id: 'agent' },
  });
  owned.observe(exec({ ...step, entity_id: 'step' }, inContainer));
  owned.observe(exec(listener));
  return owned;
}

const client = (executable = '/usr/bin/ssh'): ProcessFields => ({
  ...process({
    pid: 21,
    executable,
    args: ['ssh', 'root@machine'],
    parent: { entity_id: 'step', pid: 20 } as ProcessFields,
  }),
  entity_id: 'client',
});
const listener = process({ pid: 50, executable: '/usr/sbin/sshd', args: ['sshd', '-D'] });
const session = (executable = '/usr/sbin/sshd', args = ['/usr/sbin/sshd', '-D', '-R']): ProcessFields =>
  process({ pid: 60, executable, args, parent: listener });
const shell = (parent: ProcessFields): ProcessFields =>
  process({ pid: 61, executable: '/usr/bin/dash', args: ['sh', '-c', 'at now'], parent });

beforeEach(resetClock);

describe('a session on the machine', () => {
  it.each([
    ['of the daemon', session()],
    ['of a program of its own', session('/usr/lib/openssh/sshd-session', ['sshd-session', '-D', '-R'])],
  ])('%s is the step’s whose client runs in the container, with all that it starts', (_, begun) => {
    const owned = ownership();
    owned.observe(exec(client(), inContainer));
    owned.observe(exec(begun));
    const event = exec(shell(begun));
    owned.observe(event);
    expect(owned.ownerOf(event)).toBe('attack');
  });

  it('is nobody’s without a client, after its end, and for another program', () => {
    const owners = [
      () => {},
      (owned: Ownership) => {
        owned.observe(exec(client(), inContainer));
        owned.observe(exit(client()));
      },
      (owned: Ownership) => owned.observe(exec(client('/usr/bin/curl'), inContainer)),
      // On the machine itself: no pair.
      (owned: Ownership) => owned.observe(exec({ ...client(), entity_id: 'other', pid: 70 })),
    ].map((before) => {
      const owned = ownership();
      before(owned);
      owned.observe(exec(session()));
      const event = exec(shell(session()));
      owned.observe(event);
      return owned.ownerOf(event);
    });
    expect(owners).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('is its own step’s and no other’s, and nothing in it is a launch of the service manager’s', () => {
    const attribution = new Attribution([{ role: 'attack', nonce: 'feedc0de' }]);
    const steps = (['prereq', 'attack'] as const).map((role, at) => ({
      role,
      argv: ['/bin/sh', `/run/atomclock/step-${at + 1}`],
    }));
    for (const { role, argv: words } of steps) attribution.expectStep(role, words);
    const manager = process({
      pid: 1,
      executable: '/usr/lib/systemd/systemd',
      args: ['/lib/systemd/systemd'],
    });
    const daemon = process({
      pid: 50,
      executable: '/usr/sbin/sshd',
      args: ['sshd: listener'],
      parent: manager,
    });
    for (const one of [manager, daemon]) attribution.push(running(one));
    const agent = process({ pid: 8, executable: agentPath, args: [agentPath], parent: outside });
    attribution.push(exec({ ...agent, entity_id: 'agent' }, inContainer));
    const inSession = steps.map(({ argv: words }, at) => {
      const first = process({ pid: 20 + at, executable: '/usr/bin/dash', args: words, parent: agent });
      const step: ProcessFields = {
        ...first,
        entity_id: `step-${at}`,
        parent: { ...agent, entity_id: 'agent' },
      };
      const ssh: ProcessFields = {
        ...process({ pid: 30 + at, executable: '/usr/bin/ssh', args: ['ssh', 'machine'], parent: first }),
        entity_id: `ssh-${at}`,
        parent: step,
      };
      const login = process({
        pid: 60 + at,
        executable: '/usr/sbin/sshd',
        args: ['/usr/sbin/sshd', '-D', '-R'],
        parent: daemon,
      });
      const said = ['bash', '-c', 'echo "/usr/bin/touch /tmp/atomclock-feedc0de" | at now'];
      const done = process({ pid: 70 + at, executable: '/usr/bin/bash', args: said, parent: login });
      for (const one of [step, ssh]) attribution.push(exec(one, inContainer));
      attribution.push(exec(login));
      const event = exec(done);
      attribution.push(event);
      for (const one of [ssh, step]) attribution.push(exit(one));
      return event;
    });
    expect(inSession.map((event) => attribution.ownerOf(event))).toEqual(['prereq', 'attack']);
    expect(attribution.launches).toEqual([]);
  });
});
