// One audit event: what its records say together. The step between records and ECS, after go-libaudit's aucoalesce.

import { definedOnly } from '../defined.ts';
import { type Interpretation, interpret } from './interpret.ts';
import {
  type Normalization,
  recordNormalization,
  type SummaryPart,
  syscallNormalization,
} from './normalization.ts';
import { operationOf } from './operation.ts';
import type { AuditRecord } from './record.ts';
import { completesCall, inKernelOrder } from './record-order.ts';

export interface AuditEvent {
  readonly time: number;
  readonly serial: number;
  /** The record that says what happened: the system call, unless another one stands before it. */
  readonly type: string;
  /** Of all records, each once, the telling one first. */
  readonly types: readonly string[];
  readonly result: 'success' | 'fail' | 'unknown';
  /** Login session; `unset` for none. */
  readonly session: string | undefined;
  readonly tags: readonly string[];
  /** auid, uid, euid, … of the acting process. */
  readonly ids: ReadonlyMap<string, string>;
  readonly selinux: ReadonlyMap<string, string>;
  readonly process: {
    readonly pid?: string;
    readonly ppid?: string;
    readonly title?: string;
    readonly comm?: string;
    readonly exe?: string;
    readonly cwd?: string;
    readonly args?: readonly string[];
  };
  /** What is left of the fields when those above are taken out. */
  readonly data: ReadonlyMap<string, string>;
  /** What further records of the same type say of a field: other objects of one call, other decisions about it. */
  readonly further: ReadonlyMap<string, readonly string[]>;
  /** What was asked of the kernel, by the name of the call that does it. */
  readonly operation: string | undefined;
  /** PATH records in order. */
  readonly paths: readonly ReadonlyMap<string, string>[];
  readonly socket: ReadonlyMap<string, string> | undefined;
  readonly normalization: Normalization | undefined;
  /** The system call's own, where another record stands before it. */
  readonly callNormalization: Normalization | undefined;
  readonly summary: AuditSummary;
  /** Readable forms that auditd added (`UID`, `SYSCALL`…). */
  readonly interpreted: ReadonlyMap<string, string>;
  readonly records: readonly AuditRecord[];
}

/** Who did what to what, and how: Elastic's `auditd.summary`. */
export interface AuditSummary {
  readonly actor: { primary?: string; secondary?: string };
  readonly object: { primary?: string; secondary?: string };
  readonly how?: string;
}

/** Reads the records of one event (at least one, end-of-event records left out); their order is of no consequence. */
export function auditEvent(unordered: readonly AuditRecord[]): AuditEvent {
  const records = inKernelOrder(unordered);
  const first = records[0] as AuditRecord;
  const read = new Map(records.map((record) => [record, interpret(withLaterParts(record, records))]));
  const call = records.find(({ type }) => type === 'SYSCALL');
  // Logs may be cut down to the parts of events: they keep their places.
  const telling = call ?? (completesCall(first) ? undefined : first);
  const base = telling ? (read.get(telling) as Interpretation).data : new Map<string, string>();
  const data = new Map<string, string>();
  const saidBy = new Map<string, string | undefined>();
  const further = new Map<string, Set<string>>();
  const ids = new Map<string, string>();
  const selinux = new Map<string, string>();
  for (const [key, value] of base) {
    if (/[ug]id$/.test(key)) ids.set(key, value);
    else if (key.startsWith('subj_')) selinux.set(key.slice('subj_'.length), value);
    else if (key !== 'result' && key !== 'ses') {
      data.set(key, value);
      saidBy.set(key, telling?.type);
    }
  }
  const paths: ReadonlyMap<string, string>[] = [];
  let socket: Map<string, string> | undefined;
  let args: string[] | undefined;
  for (const record of records) {
    if (record === telling) continue;
    const { data: fields } = read.get(record) as Interpretation;
    if (record.type === 'PATH') paths.push(fields);
    else if (record.type === 'SOCKADDR') {
      socket = fields;
      for (const [key, value] of fields) data.set(`socket_${key}`, value);
    } else if (record.type === 'EXECVE') {
      if (args) continue;
      args = execArguments(fields);
      const argc = fields.get('argc');
      if (argc !== undefined) data.set('argc', argc);
    } else
      for (const [key, value] of fields) {
        const said = data.get(key);
        if (said === undefined) {
          data.set(key, value);
          saidBy.set(key, record.type);
        } else if (said !== value && saidBy.get(key) === record.type)
          further.set(key, (further.get(key) ?? new Set()).add(value));
      }
  }
  // The number of PATH records says nothing once they are here.
  if (call && records.length > 1) data.delete('items');
  const operation = operationOf(data);
  const byCall =
    operation !== undefined && (call ?? isOperation(first)) ? syscallNormalization(operation) : undefined;
  const normalization = isOperation(first)
    ? byCall
    : recordNormalization(first.type, (field) => data.has(field));
  const summary = summarise(normalization, data, ids);
  const take = (key: string): string | undefined => {
    const value = data.get(key);
    data.delete(key);
    return value;
  };
  const process = {
    pid: take('pid'),
    ppid: take('ppid'),
    title: take('proctitle'),
    comm: take('comm'),
    exe: take('exe'),
    cwd: take('cwd'),
    args,
  };
  return {
    time: first.time,
    serial: first.serial,
    type: first.type,
    types: [...new Set([first.type, ...records.map(({ type }) => type)])],
    result: (base.get('result') as 'success' | 'fail' | undefined) ?? 'unknown',
    session: base.get('ses'),
    tags: telling ? (read.get(telling) as Interpretation).tags : [],
    ids,
    selinux,
    process: definedOnly(process),
    data,
    further: new Map([...further].filter(([key]) => data.has(key)).map(([key, said]) => [key, [...said]])),
    operation,
    paths,
    socket,
    normalization,
    callNormalization: byCall === normalization ? undefined : byCall,
    summary,
    // Of a name that several records have, the telling one's counts.
    interpreted: new Map(
      records.toReversed().flatMap(({ interpreted }) => interpreted.map(({ key, value }) => [key, value])),
    ),
    records,
  };
}

/** Whether the record is what was asked of the kernel, by a call or by a ring. */
export const isOperation = ({ type }: Pick<AuditRecord, 'type'>): boolean =>
  type === 'SYSCALL' || type === 'URINGOP';

/** Long argument lists go on in further EXECVE records: the first is read with the fields of all. */
const withLaterParts = (record: AuditRecord, records: readonly AuditRecord[]): AuditRecord =>
  record.type === 'EXECVE'
    ? { ...record, fields: records.filter(({ type }) => type === 'EXECVE').flatMap(({ fields }) => fields) }
    : record;

/** `a0`, `a1`… in order, as far as they came. */
function execArguments(fields: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  for (let index = 0; ; index++) {
    const argument = fields.get(`a${index}`);
    if (argument !== undefined) found.push(argument);
    // Empty arguments are written as `a1=""`, which counts as nothing said.
    else if (index < Number(fields.get('argc') ?? 0) && index < argumentLimit) found.push('');
    else return found;
  }
}
/** `argc` is text in a log: it must not make us count for ever. */
const argumentLimit = 10_000;

function summarise(
  normalization: Normalization | undefined,
  data: ReadonlyMap<string, string>,
  ids: ReadonlyMap<string, string>,
): AuditSummary {
  const first = (keys: readonly string[] = []): string | undefined => {
    for (const key of keys) {
      const value = data.get(key) ?? ids.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const { primary, secondary, object, objectSecondary, how } = normalization ?? {};
  return definedOnly({
    actor: definedOnly({
      primary: first(primary) ?? first(['auid']),
      secondary: first(secondary) ?? first(['uid']),
    }),
    object: definedOnly({ primary: first(object), secondary: first(objectSecondary) }),
    how: first(how) ?? usualHow(data),
  });
}

/** The program; for interpreters what runs in them. */
function usualHow(data: ReadonlyMap<string, string>): string | undefined {
  const program = data.get('exe') ?? data.get('comm');
  return program && /^\/usr\/bin\/(?:python|sh|bash|perl)/.test(program)
    ? (data.get('comm') ?? program)
    : program;
}

/** The value of one of the summary's parts, for ECS's users. */
export function summaryPart({ summary, ids }: AuditEvent, part: SummaryPart): string | undefined {
  switch (part) {
    case 'primary':
      return summary.actor.primary;
    case 'secondary':
      return summary.actor.secondary;
    case 'object':
      return summary.object.primary;
    case 'uid':
      return ids.get('uid');
  }
}
