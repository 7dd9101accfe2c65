// The RunRecord as it is saved: the same text as run.json, so that a report can be read back.

import type { RunRecord } from '../model/run-record.ts';
import type { Report } from './reporter.ts';

export const renderJson = (record: RunRecord): Report => ({ output: `${printableJson(record)}\n` });

/** JSON that is also harmless on a terminal: JSON.stringify leaves DEL, C1 controls and direction marks as they are. */
export const printableJson = (value: unknown): string => harmless(JSON.stringify(value, null, 2));

/** The same on one line. */
export const compactJson = (value: unknown): string => harmless(JSON.stringify(value));

const harmless = (json: string): string => (/^[\n -~]*$/.test(json) ? json : withoutControls(json));

const withoutControls = (json: string): string =>
  // Line breaks between the members are the only controls that JSON.stringify itself writes.
  json.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()].map((unit) => `\\u${hex(character.charCodeAt(unit))}`).join(''),
  );

const hex = (unit: number): string => unit.toString(16).padStart(4, '0');
