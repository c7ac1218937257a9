/** JavaScript reads the 30th of February as the 2nd of March. */
function isDay(text: string): boolean {
  const instant = Date.parse(text);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}

const time = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** ms since 1970 of `2023-03-01 14:05`, ISO 8601, or a number of seconds or milliseconds; without a zone it is UTC. */
export function readInstant(text: string): number | undefined {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1_000;
  if (/^\d{12,14}$/.test(text)) return Number(text);
  if (!time.test(text) || !isDay(text.slice(0, 10))) return undefined;
  // A date alone is UTC by itself; a date with a time would be local.
  const hasZone = text.length === 10 || /(Z|[+-]\d\d:?\d\d)$/.test(text);
  const instant = Date.parse(`${text.replace(' ', 'T')}${hasZone ? '' : 'Z'}`);
  return Number.isNaN(instant) ? undefined : instant;
}
