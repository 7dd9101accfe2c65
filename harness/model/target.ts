// A target: an image and the privileges its containers get. One entry of containers/targets.yaml.

import { z } from 'zod';
import type { MitigationProfile } from './mitigation.ts';

const hyphenated = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens');

/** What a container of the target may do; everything that is not granted here is withheld. */
const privilegeProfileSchema = z.strictObject({
  /** Capabilities beyond Docker's default set. */
  capabilities: z.array(z.string().regex(/^[A-Z_]+$/, 'expected a name such as SYS_ADMIN')).default([]),
  /** Taken away from Docker's default set. */
  withoutCapabilities: z.array(z.string().regex(/^[A-Z_]+$/, 'expected a name such as SETUID')).default([]),
  /** `no_new_privs` for PID 1, hence for everything: setuid programs lose their effect. */
  noNewPrivileges: z.boolean().default(false),
  readOnlyRoot: z.boolean().default(false),
  /** The account that acts where an atomic asks for root: whoever attacks has no more. */
  user: z.string().min(1).exactOptional(),
  /** Mount point → options. Docker mounts them noexec unless `exec` is given. */
  tmpfs: z
    .record(z.string().startsWith('/'), z.string())
    .default({ '/run': '', '/run/lock': '', '/tmp': 'exec', '/dev/shm': 'exec,mode=1777,size=64m' }),
  memoryMiB: z.int().min(64).default(256),
  pids: z.int().min(64).default(512),
  /** What it may write to its own layer; one that writes more is ended. */
  diskMiB: z.int().min(64).default(2048),
});

/** A second container beside the machine: attacks are run in it, and what they cause is proven on the machine. */
const pairSchema = z
  .strictObject({
    /** Folders of the machine that the container has mounted, to be written. */
    shares: z.array(z.string().regex(/^\/[^\s:]+$/, 'expected an absolute path')).default([]),
    /**
     * Accounts that may log in to the machine by ssh, each from its own name in the container, with keys made for the
     * case. The two have a network of their own then, without a way out; the machine is called `machine` there.
     */
    ssh: z.array(z.string().regex(/^[a-z_][a-z0-9_-]*$/, 'expected the name of an account')).default([]),
  })
  .refine(({ shares, ssh }) => shares.length + ssh.length > 0, {
    error: 'expected `shares` or `ssh`: what the container has of the machine',
  });
export type Pair = z.infer<typeof pairSchema>;

/** What the machine of a pair is called on their network. */
export const machineName = 'machine';

const baseImageSchema = z.strictObject({
  /** Where a registry answers. */
  image: z.string().min(1),
  /** Where none does: the Debian suite that mmdebstrap makes. Left out for what is not a Debian: only a registry has it. */
  suite: hyphenated.exactOptional(),
});
export type BaseImage = z.infer<typeof baseImageSchema>;

const writtenTargetSchema = z
  .strictObject({
    title: z.string().min(1),
    /** Folder below containers/ that holds the Dockerfile; only a target on another one can do without. */
    context: z
      .string()
      .regex(/^[a-z0-9/-]+$/, 'expected a folder below containers/')
      .exactOptional(),
    /** The Dockerfile's name in that folder. */
    dockerfile: z
      .string()
      .regex(/^Dockerfile(\.[a-z0-9-]+)?$/, 'expected Dockerfile, or Dockerfile.NAME')
      .default('Dockerfile'),
    base: baseImageSchema.exactOptional(),
    /** The target whose image is its base, or whose image it has, where it has no folder. */
    on: hyphenated.exactOptional(),
    /** Whether it was built and run by those who publish it; a target that was not says so. */
    verified: z.boolean().default(true),
    /** What its differences go by: expectations say for a family what is otherwise there. */
    families: z.array(hyphenated).default([]),
    buildArgs: z.record(z.string(), z.string()).default({}),
    profile: privilegeProfileSchema.prefault({}),
    pair: pairSchema.exactOptional(),
  })
  .refine(({ base, on }) => (base === undefined) !== (on === undefined), {
    error: 'expected either `base`, an image, or `on`, another target',
  })
  .refine(({ context, on }) => context !== undefined || on !== undefined, {
    error: 'expected `context`, the folder with its Dockerfile',
    path: ['context'],
  });
export type WrittenTarget = z.infer<typeof writtenTargetSchema>;
export type PrivilegeProfile = WrittenTarget['profile'];

/** How a target's image is made. */
export interface TargetImage {
  /** The target that it is named after. */
  readonly name: string;
  readonly context: string;
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** What everything stands on in the end. */
  readonly base: BaseImage;
  /** The image of another target, where that is its base. */
  readonly on: TargetImage | null;
}

export interface TargetDefinition
  extends Pick<WrittenTarget, 'title' | 'verified' | 'families' | 'profile' | 'pair'> {
  readonly image: TargetImage;
}

/** The profile of a target under mitigations: what any of them withholds counts, and of the rest what any grants. */
export const profileUnder = (
  target: PrivilegeProfile,
  mitigations: readonly MitigationProfile[],
): PrivilegeProfile => ({
  ...target,
  ...capabilitiesUnder([target, ...mitigations]),
  noNewPrivileges: [target, ...mitigations].some(({ noNewPrivileges }) => noNewPrivileges),
  readOnlyRoot: [target, ...mitigations].some(({ readOnlyRoot }) => readOnlyRoot),
  tmpfs: Object.assign({}, ...[target, ...mitigations].map(({ tmpfs }) => tmpfs)),
  ...userUnder([target, ...mitigations]),
});

/** What is granted and withheld at once, an engine would grant. */
function capabilitiesUnder(
  profiles: readonly Pick<PrivilegeProfile, 'capabilities' | 'withoutCapabilities'>[],
): Pick<PrivilegeProfile, 'capabilities' | 'withoutCapabilities'> {
  const withoutCapabilities = union(profiles.map((each) => each.withoutCapabilities));
  const granted = union(profiles.map((each) => each.capabilities));
  return { withoutCapabilities, capabilities: granted.filter((name) => !withoutCapabilities.includes(name)) };
}

const userUnder = (profiles: readonly { user?: string }[]): { user?: string } =>
  Object.assign({}, ...profiles.map(({ user }) => user !== undefined && { user }));

const union = (lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())];

/** containers/targets.yaml */
export const targetsFileSchema = z.strictObject({
  targets: z.record(hyphenated, writtenTargetSchema),
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
