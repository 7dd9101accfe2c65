// A target: an image and the privileges its containers get. One entry of containers/targets.yaml.

import { z } from 'zod';

const hyphenated = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens');

/** What a container of the target may do; everything that is not granted here is withheld. */
const privilegeProfileSchema = z.strictObject({
  /** Capabilities beyond Docker's default set. */
  capabilities: z.array(z.string().regex(/^[A-Z_]+$/, 'expected a name such as SYS_ADMIN')).default([]),
  /** `no_new_privs` for PID 1, hence for everything: setuid programs lose their effect. */
  noNewPrivileges: z.boolean().default(false),
  readOnlyRoot: z.boolean().default(false),
  /** Mount point → options. Docker mounts them noexec unless `exec` is given. */
  tmpfs: z
    .record(z.string().startsWith('/'), z.string())
    .default({ '/run': '', '/run/lock': '', '/tmp': 'exec' }),
  memoryMiB: z.int().min(64).default(256),
  pids: z.int().min(64).default(512),
});

const targetDefinitionSchema = z.strictObject({
  title: z.string().min(1),
  /** Folder below containers/ that holds the Dockerfile. */
  context: z.string().regex(/^[a-z0-9/-]+$/, 'expected a folder below containers/'),
  base: z.strictObject({
    /** Where a registry answers. */
    image: z.string().min(1),
    /** Where none does: the Debian suite that mmdebstrap makes. */
    suite: hyphenated,
  }),
  /** What its differences go by: expectations say for a family what is otherwise there. */
  families: z.array(hyphenated).default([]),
  buildArgs: z.record(z.string(), z.string()).default({}),
  profile: privilegeProfileSchema.prefault({}),
});
export type TargetDefinition = z.infer<typeof targetDefinitionSchema>;
export type PrivilegeProfile = TargetDefinition['profile'];

/** containers/targets.yaml */
export const targetsFileSchema = z.strictObject({
  targets: z.record(hyphenated, targetDefinitionSchema),
});

/** A file as a target shall have it. */
export interface TargetFile {
  /** Absolute. */
  path: string;
  content: Uint8Array;
  mode: number;
}

/** The harness's own program in every target: what it runs is no child of the target's service manager. */
export const agentPath = '/usr/lib/atomclock/agent';

/** Where the agent puts the scripts of steps while they run. */
export const scriptFolder = '/run/atomclock';
