import type { Alert } from '../../src/domain/alert.js';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import { priceAt } from './exchange.js';
import type { Played } from './scenario.js';
import { storedArmedAt } from './scene.js';

/** One fire of an alert. Indices are of the trace: which call was under way when it was carried out. */
export interface Fire {
  readonly fireId: string;
  readonly claimedAt: number;
  readonly claimIndex: number;
  readonly commit: { readonly at: number; readonly index: number } | undefined;
}

/** What earlier runs had under way, and every claim that was carried out, in their order. */
export function firesOf(alert: Alert, { trace }: Pick<Played, 'trace'>): readonly Fire[] {
  const done = (operation: string) =>
    trace.filter((entry) => entry.alertId === alert.id && entry.operation === operation && entry.doneAt !== undefined);
  const commits = done('commit').toSorted((a, b) => (a.doneAt ?? 0) - (b.doneAt ?? 0));
  const commitOf = (fireId: string): Fire['commit'] => {
    const first = commits.find((entry) => entry.fireId === fireId);
    return first && { at: first.doneClock ?? first.clock, index: first.doneAt ?? 0 };
  };
  const fires: Fire[] = [];
  if (alert.status === 'notifying') {
    const { fireId, claimedAt } = alert.delivery;
    fires.push({ fireId, claimedAt, claimIndex: -1, commit: commitOf(fireId) });
  }
  for (const { fireId = '', clock, doneAt = 0 } of done('claim').toSorted(
    (a, b) => (a.doneAt ?? 0) - (b.doneAt ?? 0),
  )) {
    if (fires.some((each) => each.fireId === fireId)) continue;
    fires.push({ fireId, claimedAt: clock, claimIndex: doneAt, commit: commitOf(fireId) });
  }
  return fires;
}

/** A run may take two minutes and its clock be one off; the prices of the scenes stand longer than both of these. */
const slackMs = 4 * minuteMs;
const searchedForMs = 48 * hourMs;

/** The instants at which the price may be another: both ends, and each minute between them. */
function pricesBetween({ symbol }: Alert, from: number, to: number): readonly { at: number; price: number }[] {
  const instants = [from];
  for (let at = Math.ceil(from / minuteMs) * minuteMs; at <= to; at += minuteMs) instants.push(at);
  return [...instants, to].map((at) => ({ at, price: priceAt(symbol, at) }));
}

/** By the words of the table: what was traded since `since` counts, and it has to be met from `from` on. */
function isMetBetween(alert: Alert, { since, from, to }: { since: number; from: number; to: number }): boolean {
  if (from > to) return false;
  const prices = pricesBetween(alert, since, to);
  const target = Number(alert.condition.target.text);
  return prices.some(({ at, price }, index) => {
    if (at < from) return false;
    const earlier = prices.slice(0, index).map((each) => each.price);
    switch (alert.condition.kind) {
      case 'above':
        return price >= target;
      case 'crosses up':
        return price >= target && earlier.some((each) => each < target);
      case 'falls from high':
        return earlier.some((each) => price <= each * 0.99);
      default:
        throw new Error(`the scenes have no alert of ${alert.condition.kind}`);
    }
  });
}

/** When the first whole minute since then had ended in which the price was on the other side. */
function backAt(alert: Alert, since: number): number {
  const target = Number(alert.condition.target.text);
  const share = Number(alert.repeat?.back?.share ?? 0);
  const isBack = (price: number) => (share === 0 ? price < target : price <= target * (1 - share));
  for (let at = Math.ceil(since / minuteMs) * minuteMs; at < since + searchedForMs; at += minuteMs) {
    if (isBack(priceAt(alert.symbol, at))) return at + minuteMs;
  }
  return Number.POSITIVE_INFINITY;
}

/** No earlier than the first, and by the second at the latest, the fire's alert is armed again; the commit put aside. */
function armedBetween(alert: Alert, { claimedAt, commit }: Fire): readonly [earliest: number, latest: number] {
  const { afterMs = 0, back } = alert.repeat ?? {};
  const over = claimedAt + afterMs;
  if (back === undefined) return [over - slackMs, Math.max(over, commit?.at ?? 0) + slackMs];
  return [
    Math.max(over, backAt(alert, claimedAt - slackMs)) - slackMs,
    Math.max(over, backAt(alert, claimedAt + slackMs)) + slackMs,
  ];
}

/** A fire that nothing allows: before the one before was committed, before it was armed again, or with no touch since. */
export function wrongFires(alert: Alert, fires: readonly Fire[]): readonly string[] {
  return fires.flatMap((fire, index) => {
    const before = fires[index - 1];
    if (before === undefined) return [];
    if (before.commit === undefined || before.commit.index >= fire.claimIndex)
      return [`${fire.fireId} fired before ${before.fireId} was committed`];
    const [earliest] = armedBetween(alert, before);
    const since = Math.min(before.claimedAt - slackMs, earliest);
    const isMet = isMetBetween(alert, { since, from: earliest, to: fire.claimedAt + slackMs });
    return isMet ? [] : [`${fire.fireId} fired again without a touch since it was armed again`];
  });
}

/** Runs without faults that left an alert silent which was armed and had been touched since. */
export function missedFires(
  alert: Alert,
  fires: readonly Fire[],
  { cleanRuns }: Pick<Played, 'cleanRuns'>,
): readonly string[] {
  return cleanRuns.flatMap(({ name, startedAt, fromIndex, toIndex }) => {
    const last = fires.findLast(({ claimIndex }) => claimIndex < fromIndex);
    if (last !== undefined && (last.commit === undefined || last.commit.index >= fromIndex)) return [];
    const latest = last === undefined ? storedArmedAt : armedBetween(alert, last)[1];
    if (!isMetBetween(alert, { since: latest, from: latest, to: startedAt })) return [];
    const isFired = fires.some(({ claimIndex }) => claimIndex >= fromIndex && claimIndex < toIndex);
    return isFired ? [] : [`${name} left it silent, though it was armed and touched`];
  });
}
