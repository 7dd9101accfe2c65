import type { ContainerInspectInfo } from 'dockerode';
import { describe, expect, it } from 'vitest';
import { removeContainer } from '../../../harness/docker/container/remove.ts';

const refusal = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode });
const noExit = refusal(500, 'could not kill: tried to kill container, but did not receive an exit event');

/** A container that answers one removal after the other; the last answer stays. */
const answering = (...answers: (Error | undefined)[]) => ({
  asked: 0,
  waited: 0,
  async remove() {
    this.asked++;
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer) throw answer;
  },
  async wait() {
    this.waited++;
  },
  async inspect(): Promise<never> {
    throw refusal(404, 'No such container');
  },
});

describe('a container', () => {
  it('that is gone is what was asked for', async () => {
    expect(await removeContainer(answering(refusal(404, 'No such container')))).toBe(false);
  });

  it('that goes by itself is waited for', async () => {
    const container = answering(refusal(409, 'removal is already in progress'));
    expect(await removeContainer(container)).toBe(true);
    expect(container.waited).toBe(1);
  });

  it('is asked for again where the engine never answers who waits for its end', async () => {
    let aborted = false;
    const wait = ({ abortSignal }: { abortSignal?: AbortSignal } = {}) =>
      new Promise((_, reject) => {
        abortSignal?.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('aborted'));
        });
      });
    const container = Object.assign(answering(refusal(409, 'removal is already in progress')), { wait });
    expect(await removeContainer(container)).toBe(true);
    expect(aborted).toBe(true);
  });

  it('that the engine gave up removing, with its file system mounted elsewhere, is removed again', async () => {
    const engine = answering(refusal(409, 'removal is already in progress'), undefined);
    const container = Object.assign(engine, {
      wait: () => new Promise(() => {}),
      async inspect() {
        if (engine.asked > 1) throw refusal(404, 'No such container');
        return { State: { Status: 'dead' } } as ContainerInspectInfo;
      },
    });
    expect(await removeContainer(container)).toBe(true);
    expect(container.asked).toBe(2);
  });

  it('whose end a busy engine missed is removed again', async () => {
    const container = answering(noExit, undefined);
    await removeContainer(container);
    expect(container.asked).toBe(2);
  });

  it('that cannot be removed is told', async () => {
    await expect(removeContainer(answering(noExit))).rejects.toBe(noExit);
    await expect(removeContainer(answering(refusal(403, 'forbidden')))).rejects.toThrow('forbidden');
  });
});
