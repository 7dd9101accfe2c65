// The events of one case as they arrive, and a way to wait for what they show instead of sleeping.

import type { EcsEvent } from '../../model/event.ts';

export class EventLog {
  readonly events: EcsEvent[] = [];
  readonly #waiting = new Set<() => void>();

  readonly push = (event: EcsEvent): void => {
    this.events.push(event);
    for (const check of this.#waiting) check();
  };

  /**
   * Waits until `holds` is true after some event.
   * @param limitMs gives false when this much time has passed first
   * @param signal rejects with its reason when it fires
   */
  until(holds: () => boolean, limitMs: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        signal.removeEventListener('abort', abort);
        settle();
      };
      const check = () => {
        if (holds()) finish(() => resolve(true));
      };
      const abort = () => finish(() => reject(signal.reason));
      const timer = setTimeout(() => finish(() => resolve(holds())), Math.max(0, limitMs));
      this.#waiting.add(check);
      signal.addEventListener('abort', abort);
      if (signal.aborted) abort();
      else check();
    });
  }
}

/** Events of all sensors in one order: by time, and by arrival where the times are equal; numbered from 1. */
export function inOrder(events: readonly EcsEvent[]): EcsEvent[] {
  const sorted = [...events].sort(byTime);
  return sorted.map((event, index) => ({ ...event, event: { ...event.event, sequence: index + 1 } }));
}

/** Which of two events was first; 0 where their times are equal. */
export const byTime = ({ '@timestamp': a }: EcsEvent, { '@timestamp': b }: EcsEvent): number =>
  a < b ? -1 : a > b ? 1 : 0;
