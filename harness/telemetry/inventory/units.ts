// What `systemctl show` said: blocks of KEY=VALUE, one block a unit.

/** One unit's properties; a property given several times (TimersCalendar, ExecStart) is joined by line breaks. */
export type UnitProperties = Readonly<Record<string, string>>;

/** The units of one manager, as the script prints them: timers, `--`, then what they activate. */
export function parseUnits(section: string): {
  timers: UnitProperties[];
  activated: ReadonlyMap<string, UnitProperties>;
} {
  const [timers = '', activated = ''] = section.split(/^--$/m);
  const services = new Map<string, UnitProperties>();
  for (const unit of blocks(activated)) if (unit.Id) services.set(unit.Id, unit);
  // A unit may be asked for by its name and by the pattern.
  const byId = new Map(blocks(timers).map((unit) => [unit.Id, unit]));
  return { timers: [...byId.values()].filter(({ Id }) => Id !== undefined), activated: services };
}

/**
 * Why no service of these names runs, where one of them is there: `cron.service is masked and inactive`; undefined where
 * one runs, or none is there.
 */
export function whyNoneRuns(section: string, names: readonly string[]): string | undefined {
  const { activated } = parseUnits(section);
  const known = names
    .map((name) => activated.get(name))
    .filter((unit) => unit !== undefined && unit.LoadState !== 'not-found');
  const isDown = known.every((unit) => unit?.ActiveState === 'inactive' || unit?.ActiveState === 'failed');
  const [first] = known;
  if (first === undefined || !isDown) return undefined;
  return `${first.Id} is ${first.LoadState === 'masked' ? 'masked and ' : ''}${first.ActiveState}`;
}

function blocks(text: string): UnitProperties[] {
  return text
    .split(/\n\n+/)
    .map(properties)
    .filter((unit) => Object.keys(unit).length > 0);
}

function properties(block: string): UnitProperties {
  const found: Record<string, string> = Object.create(null);
  for (const line of block.split('\n')) {
    const equals = line.indexOf('=');
    if (equals <= 0) continue;
    const key = line.slice(0, equals);
    const value = line.slice(equals + 1);
    found[key] = found[key] === undefined ? value : `${found[key]}\n${value}`;
  }
  return found;
}

/**
 * The command lines in an ExecStart property, arguments joined by one blank as a process's command line is.
 * `{ path=/bin/sh ; argv[]=/bin/sh -c echo a ; b ; ignore_errors=no ; … }`: argv ends at the last known key.
 */
export function commandLines(execStart: string): string[] {
  return execStart
    .split('\n')
    .map((line) => /argv\[\]=(.*) ; ignore_errors=(?:yes|no) ; start_time=/.exec(line)?.[1])
    .filter((line) => line !== undefined);
}

/** `Sat 2026-11-21 22:30:00.123456 UTC` (TZ=UTC) as ISO 8601; undefined for none (empty, `n/a`, `0`). */
export function unitTime(text: string | undefined): string | undefined {
  const [, day, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) UTC/.exec(text ?? '') ?? [];
  return day && time ? `${day}T${time}Z` : undefined;
}

const spanUnits: Readonly<Record<string, number>> = {
  y: 31_557_600_000,
  month: 2_629_800_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  min: 60_000,
  s: 1000,
  ms: 1,
  us: 0.001,
};

/** `1h 31min 24.244596s` in milliseconds; undefined for none (`0`, `infinity`, empty). */
export function unitSpan(text: string | undefined): number | undefined {
  let sum = 0;
  let found = false;
  for (const [, amount = '', unit = ''] of (text ?? '').matchAll(
    /(\d+(?:\.\d+)?)(month|min|ms|us|y|w|d|h|s)\b/g,
  )) {
    sum += Number(amount) * (spanUnits[unit] ?? 0);
    found = true;
  }
  return found ? sum : undefined;
}
