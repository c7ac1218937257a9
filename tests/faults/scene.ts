import type { Alert, Delivery, WaitingAlert } from '../../src/domain/alert.js';
import type { Cell } from '../../src/domain/columns.js';
import type { Repeat } from '../../src/domain/fields/repeat.js';
import { minuteMs } from '../../src/domain/time.js';
import type { UserSettings } from '../../src/domain/users.js';
import { above, at, delivery, notifyingAlert, pendingAlert, trigger } from '../support/builders.js';
import type { SceneSymbol } from './exchange.js';
import type { Standing } from './standing.js';

/** What an alert has to come to in the end. */
export interface Expectation {
  /** Left out of an alert that repeats: how often it fires, its words and the prices say. */
  readonly count?: number;
  /** Nobody knows whether an earlier push arrived, so the first one of the scene says so. */
  readonly isUnsure?: boolean;
  /** The sheet takes the alert away, so it may fire or not, whichever comes first. */
  readonly isOptional?: boolean;
}

/** How things stand when the first two runs begin. */
export interface Scene {
  readonly stored: readonly Alert[];
  /** Of the user; each has its own key at the one service. */
  readonly channels?: readonly string[];
  /** By name, where there are several: the channels of each. */
  readonly users?: Readonly<Record<string, readonly string[]>>;
  /** What the users' tab says, and has said before. */
  readonly settings?: readonly UserSettings[];
  /** By item: attributes as somebody spoilt them by hand. An alert's are mended when the clean runs begin. */
  readonly damaged?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What may stand in the way until the clean runs begin; a scenario has one of these, or none. */
  readonly standing?: readonly Standing[];
  /** How long after the runs with faults the next check comes (ms); left out, five minutes. */
  readonly nextCheckAfterMs?: number;
  /** What the queue holds. Where it is said, workers deliver, too. */
  readonly rung?: readonly string[];
  /** What its dead-letter queue holds. */
  readonly setAside?: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** What the trader makes of the rows while the runs are under way. */
  readonly later?: readonly (readonly Cell[])[];
  /** What the clean runs find, where the trader undoes it again. */
  readonly inTheEnd?: readonly (readonly Cell[])[];
  /** Stays silent; once it is stored, nothing may interrupt its watch. */
  readonly watched?: string;
  /** The alerts that fire, each once, or as often as it is met where it repeats. */
  readonly firing: Readonly<Record<string, Expectation>>;
  /** Until the runs are stopped. */
  readonly remainingMs: number;
  /** When two runs with faults overlap again, after the first two (ms after these). */
  readonly again?: readonly number[];
  /** About as many as each run makes; left out, few. A scene with many is not played in every order. */
  readonly calls?: number;
}

/** When both runs begin. The markets were last checked five minutes before. */
export const begunAt = at('12:10');
export const checkedAt = begunAt - 5 * minuteMs;

export const header: readonly Cell[] = [
  'id',
  'symbol',
  'condition',
  'price',
  'exchange',
  'active',
  'name',
  'notes',
  'repeat',
  'user_id',
];

export const storedArmedAt = at('11:00');

export function pending(id: string, symbol: SceneSymbol, overrides: Partial<Omit<WaitingAlert, 'status'>> = {}) {
  const wanted = { id, name: id, symbol, user: 'default', condition: above('95000'), notes: '' };
  return pendingAlert({ ...wanted, armedAt: storedArmedAt, createdAt: storedArmedAt, ...overrides });
}

/** What an earlier run has under way, of an alert whose market is silent unless it is said. */
export function notifying(
  id: string,
  overrides: Partial<Delivery>,
  { symbol = 'FLATUSDT', ...how }: { repeat?: Repeat; symbol?: SceneSymbol; user?: string } = {},
): Alert {
  const { status: _, ...alert } = pending(id, symbol, how);
  const market = { exchange: 'binance', kind: 'spot', symbol } as const;
  return notifyingAlert({
    ...alert,
    delivery: delivery({ fireId: `earlier-${id}`, leaseBy: 'earlier', trigger: trigger({ market }), ...overrides }),
  });
}

/** The row that the alert was read from. */
export const rowOf = ({ id, symbol, condition, active, notes, repeat, user }: Alert): readonly Cell[] => {
  const { kind, target } = condition;
  return [id, symbol, kind, target.text, 'binance', active, id, notes, repeat?.text ?? '', user];
};

export const row = (id: string, symbol: SceneSymbol, active = true, notes = ''): readonly Cell[] =>
  rowOf(pending(id, symbol, { active, notes }));

export const patient = 120_000;
export const hurried = 32_000;

/** A lease given back, and one of a run that died. */
export const deferred = { leaseUntil: undefined, nextAttemptAt: begunAt - minuteMs };
export const dead = { claimedAt: begunAt - 5 * minuteMs, leaseUntil: begunAt - minuteMs };
