import { reachedText } from './funding.js';
import { deliveredAt, type HistoryRecord, type RecordedOutcome } from './history.js';
import { marketKey } from './market.js';

const iso = (instant: number | undefined): string | null =>
  instant === undefined ? null : new Date(instant).toISOString();

const outcomeRecord = (each: RecordedOutcome) =>
  each.outcome === 'accepted'
    ? { channel: each.channel, outcome: each.outcome, at: iso(each.at), acknowledgedAt: iso(each.acknowledgedAt) }
    : { channel: each.channel, outcome: each.outcome, detail: each.detail ?? null };

/** For programs: prices as text, instants as ISO 8601. */
export function historyRecord(record: HistoryRecord) {
  const { id: alertId, user, name, symbol, condition, target } = record.alert;
  const known = { at: iso(record.at), what: record.kind, alertId, user, name, symbol, condition, targetPrice: target };
  if (record.kind !== 'fired') return { ...known, fields: record.fields };
  const { fireId, trigger, channels } = record;
  return {
    ...{ ...known, fireId, market: marketKey(trigger.market), price: reachedText(trigger) },
    ...{ touchedAt: iso(trigger.touchedAt), deliveredAt: iso(deliveredAt(record)) },
    channels: channels.map(outcomeRecord),
  };
}
