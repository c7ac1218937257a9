import { reachedText } from '../domain/funding.js';
import { deliveredAt, type HistoryRecord, type RecordedOutcome } from '../domain/history.js';
import { marketKey } from '../domain/market.js';
import { shownPrice } from '../domain/price.js';
import { wallTimeAt, zoneNameAt } from '../domain/time-zone.js';
import { aligned } from './print.js';

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-20 15:03:07 GMT+1` */
export function zonedInstant(instant: number, timeZone: string): string {
  const { year, month, day, hour, minute, second } = wallTimeAt(instant, timeZone);
  const date = [String(year), twoDigits(month), twoDigits(day)].join('-');
  return `${date} ${[hour, minute, second].map(twoDigits).join(':')} ${zoneNameAt(instant, timeZone)}`;
}

function outcomeText(each: RecordedOutcome, timeZone: string): string {
  const { channel, outcome } = each;
  if (each.outcome !== 'accepted') return `${channel} ${outcome}${each.detail === undefined ? '' : `: ${each.detail}`}`;
  const seen = each.acknowledgedAt;
  return `${channel} accepted${seen === undefined ? '' : `, acknowledged ${zonedInstant(seen, timeZone)}`}`;
}

/** What happened, and all else that there is to say of it. */
function happened(record: HistoryRecord, timeZone: string): readonly [what: string, details: string] {
  if (record.kind !== 'fired') return [record.kind, record.fields.join(', ')];
  const { trigger, channels } = record;
  const price = `${shownPrice(reachedText(trigger))} on ${marketKey(trigger.market)}`;
  const told = channels.map((each) => outcomeText(each, timeZone)).join('; ');
  return ['fired', `${price} at ${zonedInstant(trigger.touchedAt, timeZone)}; ${told}`];
}

/** From the oldest on, times in the owner's zone. */
export function shownHistory(records: readonly HistoryRecord[], timeZone: string): string {
  if (records.length === 0) return 'Nothing happened in that time.';
  return aligned([
    ['WHEN', 'WHAT', 'ALERT', 'USER', 'NAME', 'ID', 'DETAILS'],
    ...records.map((record) => {
      const { symbol, condition, target, user, name, id } = record.alert;
      const [what, details] = happened(record, timeZone);
      return [zonedInstant(record.at, timeZone), what, `${symbol} ${condition} ${target}`, user, name, id, details];
    }),
  ]);
}

export const historyColumns = [
  ...['at', 'what', 'alert_id', 'user_id', 'name', 'symbol', 'condition', 'target_price'],
  ...['market', 'price', 'touched_at', 'delivered_at', 'channels', 'acknowledged_at', 'fields'],
] as const;

const iso = (instant: number | undefined): string => (instant === undefined ? '' : new Date(instant).toISOString());

/** In the order of `historyColumns`: instants as ISO 8601, prices as text. */
export function historyValues(record: HistoryRecord): readonly string[] {
  const { id, user, name, symbol, condition, target } = record.alert;
  const known = [iso(record.at), record.kind, id, user, name, symbol, condition, target];
  if (record.kind !== 'fired') return [...known, '', '', '', '', '', '', record.fields.join(' ')];
  const { trigger, channels } = record;
  const acknowledged = channels.flatMap((each) => (each.outcome === 'accepted' ? (each.acknowledgedAt ?? []) : []));
  return [
    ...known,
    ...[marketKey(trigger.market), reachedText(trigger), iso(trigger.touchedAt), iso(deliveredAt(record))],
    ...[channels.map(({ channel, outcome }) => `${channel} ${outcome}`).join('; '), iso(acknowledged[0]), ''],
  ];
}
