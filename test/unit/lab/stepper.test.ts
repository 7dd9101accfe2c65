// Cases that go stage by stage: each waits for a word, two side by side wait for each other.

import { describe, expect, it } from 'vitest';
import { Stepper } from '../../../harness/lab/stepper.ts';

/** What has happened, and what the stepper said last. */
function watched(isStepping: boolean) {
  const went: string[] = [];
  let waiting: Record<string, string> = {};
  const stepper = new Stepper(isStepping, (cases) => {
    waiting = Object.fromEntries(cases);
  });
  const go = async (id: string, phase: Parameters<Stepper['before']>[1]) => {
    await stepper.before(id, phase);
    went.push(`${id} ${phase}`);
  };
  return { stepper, go, went, waiting: () => waiting };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('stepping', () => {
  it('holds nobody who does not step', async () => {
    const { go, went } = watched(false);
    await go('a', 'attack');
    expect(went).toEqual(['a attack']);
  });

  it('holds a case before each stage, and lets it come back to one', async () => {
    const { stepper, go, went, waiting } = watched(true);
    const attack = go('a', 'attack');
    await turn();
    expect([went, waiting()]).toEqual([[], { a: 'attack' }]);
    stepper.next();
    await attack;
    const wait = go('a', 'wait');
    stepper.next();
    await wait;
    await go('a', 'attack');
    expect([went, waiting()]).toEqual([['a attack', 'a wait', 'a attack'], {}]);
  });

  it('lets two cases go on together, the one that is behind first', async () => {
    const { stepper, go, went, waiting } = watched(true);
    void go('ahead', 'attack');
    void go('behind', 'mitigation');
    stepper.next();
    await turn();
    expect([went, waiting()]).toEqual([['behind mitigation'], { ahead: 'attack' }]);
    void go('behind', 'attack');
    stepper.next();
    await turn();
    expect(went).toEqual(['behind mitigation', 'ahead attack', 'behind attack']);
  });

  it('lets all go on to the end, and forgets who has ended', async () => {
    const { stepper, go, went, waiting } = watched(true);
    void go('a', 'attack');
    void go('b', 'attack');
    stepper.forget('b');
    expect(waiting()).toEqual({ a: 'attack' });
    stepper.release();
    await go('a', 'cleanup');
    expect(went).toEqual(['a attack', 'a cleanup']);
  });
});
