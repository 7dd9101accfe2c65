// One row of `atomclock doctor`.

export const checkNames = [
  'node',
  'engine',
  'api',
  'cgroup',
  'btf',
  'capabilities',
  'disk',
  'kernel',
  'jobs',
  'images',
  'sensor',
] as const;
export type CheckName = (typeof checkNames)[number];

export interface Check {
  name: CheckName;
  /**
   * `warning`: the lab runs, with a limit. `note`: something that the lab does not need is not there. `skipped`: cannot
   * be looked at until another check is ok.
   */
  state: 'ok' | 'note' | 'warning' | 'failed' | 'skipped';
  /** What was found. */
  found: string;
  /** What is wrong with it. */
  wrong?: string;
  /** The command that mends it. */
  mend?: string;
}
