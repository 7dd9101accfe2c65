// The audit sensor as others see it.

import type { SensorHost } from '../../engine/ports.ts';
import type { AuditRule } from '../../model/audit-rule.ts';
import { ContentError, type Problem } from '../../model/errors.ts';
import { auditVocabulary } from '../../model/vocabularies/audit.ts';
import type { LiveDescriptor } from '../descriptor.ts';

export const auditDescriptor: LiveDescriptor = {
  kind: 'live',
  vocabulary: auditVocabulary,
  summary: "Linux audit with a fleet's rules (detections/audit); one reader per kernel",
  byDefault: false,
  sidecar: {
    image: {
      name: 'audit',
      context: 'sensors/audit',
      base: { image: 'debian:12', suite: 'bookworm' },
      buildArgs: {},
    },
    capAdd: ['AUDIT_CONTROL', 'AUDIT_WRITE'],
    pidMode: 'host',
    seesStorage: true,
  },
  // The kernel records nothing of processes that were there before audit was on.
  startsFirst: true,
  async start(host) {
    const { startAuditSensor } = await import('./sensor.ts');
    const rules = await fleetRules(host);
    return startAuditSensor(await host.sidecar(), { rules, onRaw: host.onRaw, onNote: host.note });
  },
  async startRecorder(host) {
    const { startAuditSensor } = await import('./sensor.ts');
    const sensor = await startAuditSensor(await host.sidecar(), { rules: [], onRaw: host.onRaw });
    return { ...sensor.recorder, [Symbol.asyncDispose]: () => sensor[Symbol.asyncDispose]() };
  },
};

/** Every file in detections/audit. */
async function fleetRules({ files, note }: SensorHost): Promise<AuditRule[]> {
  const { parseAuditRules } = await import('../../model/audit-rule-file.ts');
  const found: Problem[] = [];
  const rules = files('detections/audit', '.rules').flatMap(({ file, text }) => {
    const parsed = parseAuditRules(file, text);
    found.push(...parsed.problems);
    return parsed.rules;
  });
  if (found.some(({ severity }) => severity === 'error')) throw new ContentError(found);
  for (const { message } of found) note(message);
  return rules;
}
