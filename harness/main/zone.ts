// Names of time zones, as a request may have them.

import { zoneClock } from '../telemetry/wall-clock.ts';

/** @param name as `Europe/Berlin` or `UTC` */
export const isZone = (name: string): boolean => zoneClock(name) !== undefined;
