// The harness's own process in a target, which runs every step and look there: how it is told from an attack's.

import { agentPath } from '../../model/target.ts';
import type { ProcessNode } from './process-tree.ts';

/**
 * Whether a process is the agent. The engine starts it, from outside of the target; its own events are the harness's
 * and not kept, so that who started it is not known in judging. Of what a step starts by this name it is.
 */
export const isAgent = ({ executable, pid, parent }: ProcessNode): boolean =>
  executable === agentPath && pid !== 1 && (parent === null || parent.pid === 0);
