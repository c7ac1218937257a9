import { dayMs, hourMs, minuteMs } from '../time.js';

const units: readonly { readonly words: RegExp; readonly ms: number }[] = [
  { words: /^(m|min|mins|minutes?|м|мин|минут[аыу]?)$/u, ms: minuteMs },
  { words: /^(h|hr|hrs|hours?|ч|час|часа|часов)$/u, ms: hourMs },
  { words: /^(d|days?|д|день|дня|дней)$/u, ms: dayMs },
];

/** `15m`, `1h`, `1 час`: whole minutes, hours or days; undefined for anything else. In ms. */
export function readDuration(text: string): number | undefined {
  const [, count = '', word = ''] = /^(\d{1,6})\s*(\p{L}+)\.?$/u.exec(text.trim().toLowerCase()) ?? [];
  const unit = units.find(({ words }) => words.test(word));
  return unit && Number(count) * unit.ms;
}
