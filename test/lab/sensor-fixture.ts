// A running eBPF sensor and targets under it, for the tests of what it sees.

import { startSidecar } from '../../harness/docker/container/sidecar.ts';
import { ensureImage } from '../../harness/docker/image/images.ts';
import type { ExecOptions, LiveSensor, Sidecar, Target, Watch } from '../../harness/engine/ports.ts';
import type { EcsEvent } from '../../harness/model/event.ts';
import { ebpfDescriptor } from '../../harness/telemetry/ebpf/descriptor.ts';
import { startEbpfSensor } from '../../harness/telemetry/ebpf/sensor.ts';
import { bootDebian12, debian12, runId } from './fixture.ts';

export interface Lab extends AsyncDisposable {
  readonly sensor: LiveSensor;
  readonly sidecar: Sidecar;
  /** Boots a target and watches it. */
  watched(capabilities?: string[]): Promise<Watched>;
}

export interface Watched extends AsyncDisposable {
  readonly target: Target;
  readonly watch: Watch;
  /** Everything that was seen. */
  readonly events: EcsEvent[];
  readonly raw: string[];
  /** Runs a command in the target and gives its output and the events that it caused. */
  run(argv: readonly string[], options?: ExecOptions): Promise<{ stdout: string; events: EcsEvent[] }>;
}

/** @param command options of the sensor, such as `--ring-kib 64` */
export async function startLab(command: readonly string[] = []): Promise<Lab> {
  await using stack = new AsyncDisposableStack();
  const { sidecar: needs } = ebpfDescriptor;
  if (needs === null) throw new TypeError('the eBPF sensor lives in a container');
  const image = await ensureImage(needs.image, (line) => process.stderr.write(`${line}\n`));
  const sidecar = stack.use(
    await startSidecar({ image, capAdd: needs.capAdd, command: [...command] }, { run: runId }),
  );
  const taps = new Map<string, string[]>();
  const sensor = stack.use(
    await startEbpfSensor(sidecar, { onRaw: (target, line) => taps.get(target.id)?.push(line) }),
  );
  const kept = stack.move();
  return {
    sensor,
    sidecar,
    async watched(capabilities = []) {
      const target = await bootDebian12({ profile: { ...debian12.profile, capabilities } });
      const raw: string[] = [];
      taps.set(target.id, raw);
      const events: EcsEvent[] = [];
      const watch = await sensor.watch(target, (event) => events.push(event));
      return {
        target,
        watch,
        events,
        raw,
        async run(argv, options) {
          // What earlier commands did may still be on its way.
          await watch.barrier();
          const before = events.length;
          const { stdout, stderr, exitCode } = await target.exec(argv, options);
          if (exitCode !== 0) throw new TypeError(`${argv[0]} ended with ${exitCode}: ${stdout}${stderr}`);
          await watch.barrier();
          return { stdout, events: events.slice(before).filter((event) => !isProbe(event)) };
        },
        async [Symbol.asyncDispose]() {
          await watch[Symbol.asyncDispose]();
          await target[Symbol.asyncDispose]();
        },
      };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Whether it is about a process by which the sensor asks whether it is up to date, or what one of those started. */
const isProbe = ({ process }: EcsEvent): boolean =>
  [process, process?.parent].some((known) => known?.args?.at(-1)?.startsWith('atomclock-probe-'));

/** The events below a folder, as lines that can be compared: `creation /srv/x`, `rename /srv/x < /srv/y`. */
export const told = (events: readonly EcsEvent[], below: string): string[] =>
  events.filter(({ file }) => file?.path?.startsWith(`${below}/`)).map(tell);

export function tell({ event, file, error }: EcsEvent): string {
  const original = file?.Ext?.original?.path;
  return [
    `${event.action} ${file?.path}`,
    ...(original === undefined ? [] : [`< ${original}`]),
    ...(file?.target_path === undefined ? [] : [`-> ${file.target_path}`]),
    ...(event.outcome === 'success'
      ? []
      : [`(${(error as { code?: string } | undefined)?.code ?? event.outcome})`]),
  ].join(' ');
}
