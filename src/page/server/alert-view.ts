import type { Alert } from '../../domain/alert.js';
import { textOf } from '../../domain/cell.js';
import type { Cell } from '../../domain/columns.js';
import { movedBy } from '../../domain/conditions/amount.js';
import type { BandTarget } from '../../domain/conditions/band.js';
import { looksAtFunding } from '../../domain/conditions/judge.js';
import type { Target } from '../../domain/conditions/kind.js';
import { kindNamed } from '../../domain/conditions/registry.js';
import type { TrailTarget } from '../../domain/conditions/trail.js';
import { isPausedByStorm } from '../../domain/delivery/repeat.js';
import type { LocatedRow } from '../../domain/locate-rows.js';
import type { Market } from '../../domain/market.js';
import { shownTime, waitText } from '../../domain/message.js';
import { decimalText } from '../../domain/number-text.js';
import { canonicalText, readPrice } from '../../domain/price.js';
import type { AlertState, AlertView } from '../protocol.js';

/** When it is looked at (ms), and in which zone a time of the day is told. */
export interface Seen {
  readonly now: number;
  readonly timeZone: string;
}

type Standing = readonly [state: AlertState, text: string];

function pendingStanding(alert: Alert, { now, timeZone }: Seen): Standing {
  if (alert.overAt !== undefined) {
    return ['over', `over since ${shownTime(alert.expires?.at ?? alert.overAt, now, timeZone)}`];
  }
  if (!alert.active) return ['paused', 'paused'];
  if (alert.rearm !== undefined) return ['waits', 'waits for the price to come back'];
  const wait = waitText(alert, now, timeZone);
  return wait === undefined ? ['armed', `armed since ${shownTime(alert.armedAt, now, timeZone)}`] : ['waits', wait];
}

function standing(alert: Alert, seen: Seen): Standing {
  if (alert.status === 'notifying') {
    const { attempts, lastError } = alert.delivery;
    return [
      'sending',
      [`not yet accepted, attempt ${attempts}`, ...(lastError === undefined ? [] : [lastError])].join('; '),
    ];
  }
  if (alert.status === 'pending') return pendingStanding(alert, seen);
  if (isPausedByStorm(alert)) return ['paused', 'paused: it fired fifteen times within an hour'];
  if (!alert.active) return ['paused', 'paused'];
  const at = alert.triggeredAt;
  return ['fired', at === undefined ? 'fired' : `fired ${shownTime(at, seen.now, seen.timeZone)}`];
}

const hasBounds = (target: Target): target is BandTarget => 'bounds' in target;
const hasAmount = (target: Target): target is TrailTarget => 'amount' in target;

/** Where a trail stands now: so far from the extreme that it remembers. Others that measure a move have no line. */
function trailLine({ condition, memory }: Alert): readonly string[] {
  const kind = kindNamed(condition.kind);
  const facts = memory?.judged?.facts;
  const { direction } = kind;
  if (!hasAmount(condition.target) || facts === undefined || direction === undefined) return [];
  if (kind.hasOtherSide || kind.lookBackMs(condition.target) > 0) return [];
  const stored = kind.storeFacts(facts) as { readonly price?: unknown };
  const extreme = readPrice(stored.price);
  return extreme === undefined ? [] : [canonicalText(movedBy(condition.target.amount, direction, extreme.value))];
}

function linesOf(alert: Alert): readonly string[] {
  const { target } = alert.condition;
  if (looksAtFunding(alert.condition)) return [];
  if (hasBounds(target)) return [target.bounds.low.text, target.bounds.high.text];
  return readPrice(target.text) === undefined ? trailLine(alert) : [target.text];
}

const blank = { target: '', repeat: '', expires: '', priority: '', notify: '' };

/** A number of Sheets as its owner typed it: its own text may be `1e-8`. */
const typedText = (cell: Cell): string => (typeof cell === 'number' ? decimalText(cell) : textOf(cell));

/** What the row says, in its owner's own words. */
function wordsOf(row: LocatedRow | undefined): typeof blank {
  if (row === undefined) return blank;
  const { price, repeat, expires, priority, notify } = row.cells;
  return {
    target: typedText(price),
    repeat: textOf(repeat),
    expires: textOf(expires),
    priority: textOf(priority),
    notify: textOf(notify),
  };
}

/** An alert as the store has it, beside its row; `market` is where its last price came from. */
export function alertView(
  alert: Alert,
  row: LocatedRow | undefined,
  market: Market | undefined,
  seen: Seen,
): AlertView {
  const [state, stateText] = standing(alert, seen);
  const words = wordsOf(row);
  return {
    id: alert.id,
    row: row?.row,
    symbol: alert.symbol,
    condition: alert.condition.kind,
    ...words,
    target: words.target === '' ? alert.condition.target.text : words.target,
    user: alert.user,
    exchange: alert.exchange ?? '',
    name: alert.name,
    notes: alert.notes,
    active: alert.active,
    state,
    stateText,
    firedAt: alert.triggeredAt,
    times: alert.triggeredCount,
    lines: linesOf(alert),
    market: market ?? alert.memory?.market,
  };
}
