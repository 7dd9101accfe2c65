// The eBPF sensor as others see it.

import { ebpfVocabulary } from '../../model/vocabularies/ebpf.ts';
import type { LiveDescriptor } from '../descriptor.ts';

export const ebpfDescriptor: LiveDescriptor = {
  kind: 'live',
  vocabulary: ebpfVocabulary,
  summary: 'every process and every change of a file, from the kernel',
  byDefault: true,
  sidecar: {
    image: {
      name: 'sensor',
      context: 'sensors/ebpf',
      base: { image: 'debian:12', suite: 'bookworm' },
      buildArgs: {},
    },
    capAdd: ['SYS_ADMIN'],
  },
  hearReady(line) {
    const { op, io_uring } = JSON.parse(line) as { op?: string; io_uring?: boolean };
    if (op !== 'ready') return undefined;
    return io_uring
      ? 'io_uring requests are seen without their outcome'
      : 'io_uring requests are not seen (Linux before 6.4)';
  },
  async start({ sidecar, onRaw, env }) {
    const { startEbpfSensor } = await import('./sensor.ts');
    const ringKib = env.ATOMCLOCK_SENSOR_RING_KIB;
    return startEbpfSensor(await sidecar(ringKib === undefined ? [] : ['--ring-kib', ringKib]), { onRaw });
  },
};
