// What collectors wrap around a line of somebody's log: container runtimes, Loki, Wazuh, Splunk, Filebeat, Vector. The line is what rules ask for;
// when it was written, the wrapper knows.

/** A line, or a piece of one. */
export interface WrappedLine {
  readonly text: string;
  /** ISO 8601; undefined where the wrapper does not tell. */
  readonly time: string | undefined;
  /** The next one of the same stream goes on with it. */
  readonly goesOn: boolean;
  readonly stream: string;
}

/**
 * A line in the format of the container runtime interface: `2026-01-01T00:00:00.0Z stdout F …`.
 * @returns undefined for any other
 * @source Kubernetes, kuberuntime/logs: time, stream, tags with colons between (P: partial, F: full), text
 */
export function runtimeLine(line: string): WrappedLine | undefined {
  const [, time, stream = '', tag, text = ''] = runtimeForm.exec(line) ?? [];
  return time === undefined ? undefined : { text, time, stream, goesOn: tag === 'P' };
}

const runtimeForm =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([PF])(?::\S*)?(?: (.*))?$/s;

/**
 * The line that an object is wrapped around.
 * @returns undefined for an object that says something itself
 * @source Docker, json-file (and Fluent Bit, which reads it): a piece without a line break goes on; Loki, logcli -o jsonl;
 * Wazuh, archives.json and alerts.json
 */
export function lineInObject(value: object): WrappedLine | undefined {
  const { log, stream, time, line, labels, timestamp, full_log: fullLog, location } = value as ObjectAround;
  if (typeof log === 'string' && (stream === 'stdout' || stream === 'stderr'))
    return { text: log.replace(/\r?\n$/, ''), time: textOf(time), stream, goesOn: !log.endsWith('\n') };
  const whole = { goesOn: false, stream: '', time: textOf(timestamp) };
  if (typeof line === 'string' && typeof labels === 'object' && timestamp !== undefined)
    return { text: line, ...whole };
  if (typeof fullLog === 'string' && location !== undefined) return { text: fullLog, ...whole };
  return splunkLine(value) ?? shippedLine(value);
}

/**
 * A line of syslog's or of the audit system's that was shipped as it stood in its file. Other lines say as much as a message.
 * @source Filebeat, Exported fields (log input); Vector, file source
 */
function shippedLine(value: object): WrappedLine | undefined {
  const shipped = value as { message?: unknown; log?: unknown; file?: unknown; '@timestamp'?: unknown };
  const {
    message,
    log,
    file,
    '@timestamp': time,
    timestamp = time,
  } = shipped as typeof shipped & ObjectAround;
  const isOfFile = (typeof log === 'object' && log !== null && 'file' in log) || 'log.file.path' in value;
  if (typeof message !== 'string' || !logLine.test(message)) return undefined;
  if (!isOfFile && !('source_type' in value && typeof file === 'string')) return undefined;
  if (!Object.keys(value).every((name) => shippers.has(name.replace(/\..*/s, '')))) return undefined;
  return { text: message, goesOn: false, stream: '', time: textOf(timestamp) };
}

const logLine =
  /^(?:<\d{1,3}>|(?:node=\S+ )?type=\S+ msg=audit\(|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* \S+ \S)/;

/** What says who shipped it, and from where. */
const shippers: ReadonlySet<string> = new Set(
  '@timestamp @version @metadata message log file source_type timestamp host agent ecs input tags fields cloud container offset'.split(
    ' ',
  ),
);

/**
 * What Splunk has of an event, where it took no fields out of it; one that it took out is what rules ask for.
 * @source Splunk, Default fields; HTTP Event Collector, Format events
 */
function splunkLine(value: object): WrappedLine | undefined {
  const { _raw: raw, _time: time, event } = value as { _raw?: unknown; _time?: unknown; event?: unknown };
  const text = typeof raw === 'string' ? raw : isSentToSplunk(value) ? event : undefined;
  if (typeof text !== 'string' || !Object.keys(value).every((name) => splunksOwn.test(name)))
    return undefined;
  const zoned = typeof time === 'string' && /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d)$/.test(time);
  return { text, goesOn: false, stream: '', time: zoned ? time : undefined };
}

/** Whether it is what a collector sends to Splunk: the event, and where it is from. */
export const isSentToSplunk = (value: object): value is { event: object | string } =>
  'event' in value &&
  ['sourcetype', 'source', 'index'].some((name) => name in value) &&
  Object.entries(value).every(
    ([name, of]) => name === 'event' || name === 'fields' || (sentAround.has(name) && typeof of !== 'object'),
  );

const sentAround: ReadonlySet<string> = new Set(['time', 'host', 'source', 'sourcetype', 'index']);

const splunksOwn =
  /^(?:_.*|time|host|source|sourcetype|index|event|fields|linecount|punct|splunk_server(?:_group)?|timestartpos|timeendpos|date_\w+|eventtype|tag(?:::.*)?|unix_category|unix_group)$/;

interface ObjectAround {
  readonly log?: unknown;
  readonly stream?: unknown;
  readonly time?: unknown;
  readonly line?: unknown;
  readonly labels?: unknown;
  readonly timestamp?: unknown;
  readonly full_log?: unknown;
  readonly location?: unknown;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A line as it was written, and on which line of the file it begins. */
export interface WholeLine {
  readonly text: string;
  readonly time: string | undefined;
  readonly number: number;
}

/** Runtimes cut at 16 KiB; one that never ends is given in parts. */
const longestJoined = 64 * 1024 * 1024;

/** Puts pieces together; those of two streams come mixed. */
export class WrappedLines {
  readonly #begun = new Map<string, WholeLine>();

  /** @returns the line, where it is complete with this piece */
  push({ text, time, goesOn, stream }: WrappedLine, number: number): WholeLine | undefined {
    const begun = this.#begun.get(stream);
    const line = begun ? { ...begun, text: begun.text + text } : { text, time, number };
    if (goesOn && line.text.length < longestJoined) {
      this.#begun.set(stream, line);
      return undefined;
    }
    this.#begun.delete(stream);
    return line;
  }

  /** What never ended. */
  end(): WholeLine[] {
    const lines = [...this.#begun.values()];
    this.#begun.clear();
    return lines;
  }
}
