import { Big } from 'big.js';
import type { Alert, Delivery, WaitingAlert } from '../../src/domain/alert.js';
import type { Cell } from '../../src/domain/columns.js';
import { leaseMs } from '../../src/domain/delivery/backoff.js';
import { newChannel } from '../../src/domain/delivery/channel.js';
import type { Repeat } from '../../src/domain/fields/repeat.js';
import { dayMs, minuteMs } from '../../src/domain/time.js';
import { above, at, delivery, expiredAlert, notifyingAlert, pendingAlert, trigger } from '../support/builders.js';
import { stormScenes } from './storm-scenes.js';

/** What an alert has to come to in the end. */
export interface Expectation {
  readonly count: number;
  /** Nobody knows whether an earlier push arrived, so the first one of the scene says so. */
  readonly isUnsure?: boolean;
  /** It is armed again by the fire, and no price fires it a second time. */
  readonly repeats?: Repeat;
  /** The sheet takes the alert away, so it may fire or not, whichever comes first. */
  readonly isOptional?: boolean;
}

/** How things stand when the two runs begin. */
export interface Scene {
  readonly stored: readonly Alert[];
  /** Of the user; each has its own key at the one service. */
  readonly channels?: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** What the trader makes of the rows while the runs are under way. */
  readonly later?: readonly (readonly Cell[])[];
  /** What the clean runs find, where the trader undoes it again. */
  readonly inTheEnd?: readonly (readonly Cell[])[];
  /** Stays silent; once it is stored, nothing may interrupt its watch. */
  readonly watched?: string;
  /** The alerts that fire, each once. */
  readonly firing: Readonly<Record<string, Expectation>>;
  /** Until the runs are stopped. */
  readonly remainingMs: number;
  /** About as many as each run makes; left out, few. A scene with many is not played in every order. */
  readonly calls?: number;
}

/** When both runs begin. The markets were last checked five minutes before. */
export const begunAt = at('12:10');
export const checkedAt = begunAt - 5 * minuteMs;

export const header: readonly Cell[] = ['id', 'symbol', 'condition', 'price', 'exchange', 'active', 'name', 'notes'];

/** High is above every target since ever; Spike was so for one minute, three minutes ago; Flat never. */
type Symbol = 'HIGHUSDT' | 'SPIKEUSDT' | 'FLATUSDT';

function pending(id: string, symbol: Symbol, overrides: Partial<Omit<WaitingAlert, 'status'>> = {}) {
  const wanted = { id, name: id, symbol, user: 'default', condition: above('95000'), notes: '' };
  return pendingAlert({ ...wanted, armedAt: at('11:00'), createdAt: at('11:00'), ...overrides });
}

const monthly: Repeat = { text: '30d', afterMs: 30 * dayMs, back: undefined };
const returning: Repeat = { text: 'back', afterMs: 0, back: { share: new Big(0) } };

function notifying(id: string, overrides: Partial<Delivery>, how: { repeat?: Repeat } = {}): Alert {
  const { status: _, ...alert } = pending(id, 'FLATUSDT', how);
  const market = { exchange: 'binance', kind: 'spot', symbol: 'FLATUSDT' } as const;
  return notifyingAlert({
    ...alert,
    delivery: delivery({ fireId: `earlier-${id}`, leaseBy: 'earlier', trigger: trigger({ market }), ...overrides }),
  });
}

const deferred = { leaseUntil: undefined, nextAttemptAt: begunAt - minuteMs };

const row = (id: string, symbol: Symbol, active = true, notes = ''): readonly Cell[] => [
  id,
  symbol,
  'above',
  95000,
  'binance',
  active,
  id,
  notes,
];

const [patient, hurried] = [120_000, 32_000];
const dead = { claimedAt: begunAt - 5 * minuteMs, leaseUntil: begunAt - minuteMs };

export const scenes: Readonly<Record<string, Scene>> = {
  /** Touched now, and touched between two checks. */
  touched: {
    stored: [pending('now', 'HIGHUSDT'), pending('between', 'SPIKEUSDT'), pending('never', 'FLATUSDT')],
    rows: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT'), row('never', 'FLATUSDT')],
    firing: { now: { count: 1 }, between: { count: 1 } },
    remainingMs: patient,
  },
  /** What earlier runs left: one died, one was refused, one got no answer, one may still be alive. */
  'left behind': {
    stored: [
      notifying('dead', { claimedAt: begunAt - 5 * minuteMs, leaseUntil: begunAt - 5 * minuteMs + leaseMs }),
      notifying('refused', { ...deferred, lastError: 'refused' }),
      notifying('unanswered', { ...deferred, isPossibleRepeat: true, lastError: 'no answer' }),
      notifying('leased', { claimedAt: begunAt - 2 * minuteMs, leaseUntil: begunAt + minuteMs }),
    ],
    rows: ['dead', 'refused', 'unanswered', 'leased'].map((id) => row(id, 'FLATUSDT')),
    firing: {
      dead: { count: 1, isUnsure: true },
      refused: { count: 1 },
      unanswered: { count: 1, isUnsure: true },
      leased: { count: 1, isUnsure: true },
    },
    remainingMs: patient,
  },
  /** The sheet has a new row, one that returned, one with another note, and one that was switched on again. */
  edited: {
    stored: [
      expiredAlert({ ...withoutStatus(pending('returned', 'HIGHUSDT')), expiredAt: at('11:30') }),
      pending('noted', 'SPIKEUSDT', { notes: 'old' }),
      switchedOff('switched'),
    ],
    rows: [
      row('new', 'HIGHUSDT'),
      row('returned', 'HIGHUSDT'),
      row('noted', 'SPIKEUSDT', true, 'new'),
      row('switched', 'HIGHUSDT'),
    ],
    firing: { new: { count: 1 }, returned: { count: 1 }, noted: { count: 1 }, switched: { count: 2 } },
    remainingMs: patient,
  },
  /** A wait or two, and the runs are out of time. */
  hurried: {
    stored: [
      pending('now', 'HIGHUSDT'),
      pending('between', 'SPIKEUSDT'),
      notifying('dead', { claimedAt: begunAt - 5 * minuteMs, leaseUntil: begunAt - minuteMs }),
    ],
    rows: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT'), row('dead', 'FLATUSDT')],
    firing: { now: { count: 1 }, between: { count: 1 }, dead: { count: 1, isUnsure: true } },
    remainingMs: hurried,
  },
  'row added': {
    stored: [pending('never', 'FLATUSDT')],
    rows: [row('never', 'FLATUSDT')],
    later: [row('new', 'HIGHUSDT'), row('watched', 'FLATUSDT'), row('never', 'FLATUSDT')],
    watched: 'watched',
    firing: { new: { count: 1 } },
    remainingMs: patient,
  },
  'row removed': {
    stored: [pending('now', 'HIGHUSDT'), pending('never', 'FLATUSDT')],
    rows: [row('now', 'HIGHUSDT'), row('never', 'FLATUSDT')],
    later: [row('never', 'FLATUSDT')],
    firing: { now: { count: 1, isOptional: true } },
    remainingMs: patient,
  },
  'switched on': {
    stored: [switchedOff('switched')],
    rows: [row('switched', 'HIGHUSDT', false)],
    later: [row('switched', 'HIGHUSDT')],
    firing: { switched: { count: 2 } },
    remainingMs: patient,
  },
  'switched off': {
    stored: [pending('now', 'HIGHUSDT'), pending('between', 'SPIKEUSDT')],
    rows: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT')],
    later: [row('now', 'HIGHUSDT', false), row('between', 'SPIKEUSDT', false)],
    firing: { now: { count: 1, isOptional: true }, between: { count: 1, isOptional: true } },
    remainingMs: patient,
  },
  'two channels': {
    stored: [pending('now', 'HIGHUSDT'), pending('between', 'SPIKEUSDT')],
    rows: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT')],
    channels: ['pushover', 'telegram'],
    firing: { now: { count: 1 }, between: { count: 1 } },
    remainingMs: patient,
  },
  /** What a dead run had under way on three channels, and what all three had refused. */
  'three channels': {
    stored: [
      notifying('dead', {
        claimedAt: begunAt - 5 * minuteMs,
        leaseUntil: begunAt - minuteMs,
        channels: ['pushover', 'telegram', 'ntfy'].map(newChannel),
      }),
      notifying('refused', {
        ...deferred,
        channels: ['pushover', 'telegram', 'ntfy'].map((channel) => ({
          ...newChannel(channel),
          state: 'refused' as const,
          nextAttemptAt: begunAt - minuteMs,
        })),
      }),
    ],
    rows: ['dead', 'refused'].map((id) => row(id, 'FLATUSDT')),
    channels: ['pushover', 'telegram', 'ntfy'],
    firing: { dead: { count: 1, isUnsure: true }, refused: { count: 1 } },
    remainingMs: patient,
  },
  /** Armed again by the commit: one for a month later, one for when the price has been back. */
  repeating: {
    stored: [
      pending('monthly', 'HIGHUSDT', { repeat: monthly }),
      pending('returning', 'SPIKEUSDT', { repeat: returning }),
      notifying('dead', { claimedAt: begunAt - 5 * minuteMs, leaseUntil: begunAt - minuteMs }, { repeat: monthly }),
    ],
    rows: [row('monthly', 'HIGHUSDT'), row('returning', 'SPIKEUSDT'), row('dead', 'FLATUSDT')],
    firing: {
      monthly: { count: 1, repeats: monthly },
      returning: { count: 1, repeats: returning },
      dead: { count: 1, isUnsure: true, repeats: monthly },
    },
    remainingMs: patient,
  },
  'repeating on two channels': {
    stored: [
      pending('monthly', 'HIGHUSDT', { repeat: monthly }),
      pending('returning', 'SPIKEUSDT', { repeat: returning }),
    ],
    rows: [row('monthly', 'HIGHUSDT'), row('returning', 'SPIKEUSDT')],
    channels: ['pushover', 'telegram'],
    firing: { monthly: { count: 1, repeats: monthly }, returning: { count: 1, repeats: returning } },
    remainingMs: patient,
  },
  're-sorted': {
    stored: [pending('now', 'HIGHUSDT'), pending('between', 'SPIKEUSDT'), pending('never', 'FLATUSDT')],
    rows: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT'), row('never', 'FLATUSDT')],
    later: [row('never', 'FLATUSDT'), row('between', 'SPIKEUSDT', true, 'sell half'), row('now', 'HIGHUSDT')],
    firing: { now: { count: 1 }, between: { count: 1 } },
    remainingMs: patient,
  },
  emptied: {
    stored: [pending('now', 'HIGHUSDT'), pending('between', 'SPIKEUSDT'), pending('never', 'FLATUSDT')],
    rows: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT'), row('never', 'FLATUSDT')],
    later: [],
    inTheEnd: [row('now', 'HIGHUSDT'), row('between', 'SPIKEUSDT'), row('never', 'FLATUSDT')],
    firing: { now: { count: 1 }, between: { count: 1 } },
    remainingMs: patient,
  },
  ...stormScenes({ pending, notifying, row, dead, deferred, remainingMs: { patient, hurried } }),
};

/** It fired once, and then the trader switched it off. */
function switchedOff(id: string): WaitingAlert {
  const fired = { active: false, triggeredAt: at('11:10'), triggeredCount: 1 };
  return { ...pending(id, 'HIGHUSDT', fired), status: 'triggered' };
}

function withoutStatus({ status: _, ...alert }: WaitingAlert): Omit<WaitingAlert, 'status'> {
  return alert;
}
