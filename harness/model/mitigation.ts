// A hardening that can be applied to a target, what it claims to stop, and what must still work under it.

import { z } from 'zod';

const script = z.strictObject({
  command: z.string().min(1),
  user: z.string().default('root'),
});

/** containers/mitigations/<id>.yaml */
export const mitigationSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens'),
  name: z.string().min(1),
  description: z.string().min(1),
  /** ATT&CK mitigation id. */
  attack: z.string().regex(/^M\d{4}$/, 'expected an ATT&CK mitigation id such as M1018'),
  targets: z.array(z.string()).optional(),
  /** Run as root in the booted target, before the attack. */
  apply: script,
  /** Which atomics it stops (slug or GUID), where, and the text that shows that it was this mitigation. */
  stops: z
    .array(
      z.strictObject({
        atomic: z.string(),
        stage: z.enum(['submission', 'execution']),
        /** Text in the attack's output (submission) or in the journal (execution). */
        reason: z.string().min(1),
      }),
    )
    .min(1),
  /** What must still work; `#{command}` is the harness's marker, which must be seen to run. */
  legitimate: z
    .array(
      script.extend({ name: z.string().min(1), proof: z.enum(['executed', 'succeeds']).default('executed') }),
    )
    .min(1),
  /** Ways around it that are known. */
  bypasses: z.array(z.strictObject({ how: z.string().min(1), atomic: z.string().optional() })).default([]),
});
export type Mitigation = z.infer<typeof mitigationSchema>;
