// One line of the engine's feed: its event, and how the container is set up where that is told.

import { z } from 'zod';

/** Podman joins them. */
const words = z.union([z.array(z.string()), z.string().transform((text) => text.split(' '))]).nullish();

/** @source Docker Engine API: SystemEvents; ContainerInspect. What is not used here may be missing, or be anything. */
const recordSchema = z.object({
  event: z.object({
    Action: z.string(),
    Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).default({}) }),
    timeNano: z.number(),
  }),
  setup: z
    .object({
      Config: z.object({
        User: z.string().default(''),
        Image: z.string().default(''),
        Entrypoint: words,
        Cmd: words,
        WorkingDir: z.string().default(''),
      }),
      HostConfig: z.object({
        Privileged: z.boolean().default(false),
        CapAdd: z.array(z.string()).nullish(),
        VolumesFrom: z.array(z.string()).nullish(),
        PidMode: z.string().default(''),
        NetworkMode: z.string().default(''),
        Runtime: z.string().nullish(),
      }),
      Mounts: z
        .array(
          z.object({
            Type: z.string().default('bind'),
            Source: z.string().default(''),
            Destination: z.string(),
            RW: z.boolean().default(true),
          }),
        )
        .nullish(),
    })
    .nullable()
    // Another engine may tell it in other forms: then it is not known.
    .catch(null),
  execUser: z.string().nullable().default(null),
  case: z.string().nullable(),
  isOfHarness: z.boolean(),
});
export type EngineRecord = z.infer<typeof recordSchema>;
export type ContainerSetup = NonNullable<EngineRecord['setup']>;

/** @throws ZodError, SyntaxError for a line that is none */
export const parseRecord = (line: string): EngineRecord => recordSchema.parse(JSON.parse(line));

/** The same of what an engine of any kind says: undefined for what is no event of a container. */
export function readRecord(line: string): EngineRecord | undefined {
  const { success, data } = recordSchema.safeParse(JSON.parse(line));
  return success ? data : undefined;
}
