import { type Explanation, nextCheckAt, type SeenNow } from './explanation.js';
import { explainedLines } from './explanation-text.js';
import { ratePercent, reachedText } from './funding.js';
import { historyRecord } from './history-record.js';
import { marketKey } from './market.js';

const iso = (instant: number | undefined): string | null =>
  instant === undefined ? null : new Date(instant).toISOString();

function seenRecord(seen: SeenNow) {
  const known = { market: marketKey(seen.market), at: iso(seen.at), distance: seen.distance ?? null };
  if ('funding' in seen)
    return { ...known, fundingRate: ratePercent(seen.funding.rate), nextFundingAt: iso(seen.funding.nextAt) };
  const { last, day } = seen;
  return { ...known, price: last.text, low24h: day?.low.text ?? null, high24h: day?.high.text ?? null };
}

function foreseenRecord(foreseen: Explanation['foreseen']) {
  if (foreseen?.kind !== 'fires') return foreseen ?? null;
  const { trigger } = foreseen;
  return { kind: foreseen.kind, price: reachedText(trigger), touchedAt: iso(trigger.touchedAt) };
}

/** For programs: prices as text, instants as ISO 8601, and the sentences that people read. */
export function explanationRecord(explained: Explanation, timeZone: string) {
  const { alert, row, isStored, seen, failed, window, candles, foreseen, lastFire, checks } = explained;
  const channels = alert.status === 'notifying' ? alert.delivery.channels : [];
  return {
    ...{ id: alert.id, row: row ?? null, isStored, status: alert.status, active: alert.active },
    seen: seen === undefined ? null : seenRecord(seen),
    failed,
    window: window === undefined ? null : { from: iso(window.from), to: iso(window.to) },
    candles: {
      verdict: candles.verdict ?? null,
      isPartial: candles.isPartial,
      asked: candles.asked.map(({ market, from, to, spanMs }) => ({
        ...{ market: marketKey(market), from: iso(from), to: iso(to), spanMs },
      })),
    },
    foreseen: foreseenRecord(foreseen),
    channels: channels.map(({ channel, state }) => ({ channel, state })),
    lastFire: lastFire === undefined ? null : historyRecord(lastFire),
    ...{ lastCheckAt: iso(checks.lastAt), nextCheckAt: iso(nextCheckAt(checks)) },
    lines: explainedLines(explained, timeZone),
  };
}
