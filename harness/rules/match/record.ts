// From a record, as a file or a sensor gives it, to the event that rules look at.

import { flattenWindowsEvent } from '../sigma/windows-event.ts';

/** With Sigma's field names, Windows event log records are read in whatever shape an exporter has given them. */
export const eventReader = (fields: 'ecs' | 'sigma'): ((record: object) => object) =>
  fields === 'sigma' ? flattenWindowsEvent : (record) => record;
