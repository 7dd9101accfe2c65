// The sensor's times as ISO 8601, to the nanosecond.

let lastSecond = '';
let lastSecondIso = '';

/**
 * `2026-11-21T19:53:08.585494954Z`.
 * @param time `seconds.nanoseconds` since 1970. Records of one second come together, so its text is kept.
 */
export function isoTime(time: string): string {
  const dot = time.indexOf('.');
  const second = time.slice(0, dot);
  if (second !== lastSecond) {
    lastSecond = second;
    lastSecondIso = new Date(Number(second) * 1000).toISOString().slice(0, 19);
  }
  return `${lastSecondIso}.${time.slice(dot + 1)}Z`;
}

/** Gives the ISO time of a moment given as nanoseconds since boot; `bootTime` is `seconds.nanoseconds` since 1970. */
export function sinceBoot(bootTime: string): (nanoseconds: string) => string {
  const [seconds = '0', fraction = '0'] = bootTime.split('.');
  const booted = BigInt(seconds) * second + BigInt(fraction);
  return (nanoseconds) => {
    const at = booted + BigInt(nanoseconds);
    return isoTime(`${at / second}.${String(at % second).padStart(9, '0')}`);
  };
}

const second = 1_000_000_000n;
