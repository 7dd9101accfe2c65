import { describe, expect, it } from 'vitest';
import { processTable } from '../../../harness/docker/process-table.ts';

const refusal = (message: string) => Object.assign(new Error(message), { statusCode: 500 });
/** As Docker 20.10 said it of a target that powered off while it was asked. */
const lostCgroup = refusal(
  '(HTTP code 500) server error - runc did not terminate successfully: exit status 1: unable to get all container pids: ' +
    'readdirent /sys/fs/cgroup/devices/docker/0d543829b069/system.slice/dbus.service: no such file or directory\n: unknown ',
);

const answering = (...answers: (Error | string[][] | null)[]) => ({
  asked: 0,
  async top() {
    this.asked++;
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return { Titles: [], Processes: answer };
  },
});

describe('the processes of a container', () => {
  it('are asked for again when a cgroup was removed under the walk', async () => {
    const container = answering(lostCgroup, lostCgroup, [['1', 'Ss']]);
    expect(await processTable(container, 'pid,stat')).toEqual([['1', 'Ss']]);
    expect(container.asked).toBe(3);
  });

  it('are none in a container that has none', async () => {
    expect(await processTable(answering(null), 'pid')).toEqual([]);
  });

  it('are not asked for again after another error, nor for ever', async () => {
    const notRunning = answering(refusal('Container 0d543829b069 is not running'), []);
    await expect(processTable(notRunning, 'pid')).rejects.toThrow('is not running');
    expect(notRunning.asked).toBe(1);
    await expect(processTable(answering(lostCgroup), 'pid')).rejects.toThrow(
      'unable to get all container pids',
    );
  });
});
