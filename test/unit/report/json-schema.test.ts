// The published JSON Schema, held against records by a validator that is not ours.

import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect, it } from 'vitest';
import { runRecordJsonSchema } from '../../../harness/report/json-schema.ts';
import { bareRecord, sampleRecord } from './fixture.ts';

const ajv = new Ajv2020({ allErrors: true });
formats.default(ajv);
const validate = ajv.compile(runRecordJsonSchema());

it('accepts a run and a replay', () => {
  validate(sampleRecord());
  expect(validate.errors).toBeNull();
  validate(bareRecord());
  expect(validate.errors).toBeNull();
});

it.each([
  ['another version', { ...sampleRecord(), schemaVersion: 3 }],
  ['a field that nobody knows', { ...sampleRecord(), extra: true }],
  ['no cases', { ...sampleRecord(), cases: undefined }],
  ['a time that is none', { ...sampleRecord(), run: { ...sampleRecord().run, startedAt: 'yesterday' } }],
])('refuses %s', (_, record) => {
  expect(validate(JSON.parse(JSON.stringify(record)))).toBe(false);
});
