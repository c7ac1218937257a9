import { channelNames } from '../../src/adapters/notifiers/registry.js';
import type {
  AlertSpec,
  Delivery,
  ExpiredAlert,
  NotifyingAlert,
  Trigger,
  WaitingAlert,
} from '../../src/domain/alert.js';
import type { Cell } from '../../src/domain/columns.js';
import type { Condition } from '../../src/domain/conditions/registry.js';
import { leaseMs } from '../../src/domain/delivery/backoff.js';
import type { Bar } from '../../src/domain/evidence/bar.js';
import type { Reading } from '../../src/domain/fields/field.js';
import { type ColumnName, columnNames, type FieldValues } from '../../src/domain/fields/fields.js';
import { readValues } from '../../src/domain/fields/values.js';
import { price } from '../../src/domain/price.js';
import { minuteMs } from '../../src/domain/time.js';
import type { Checkpoint } from '../../src/flows/ports/alert-store.js';

/** `12:03` or `12:03:20.500` of one fixed day, in ms since 1970. */
export function at(time: string): number {
  const instant = Date.parse(`2026-11-20T${time}Z`);
  if (Number.isNaN(instant)) throw new Error(`expected a time such as 12:03, got ${time}`);
  return instant;
}

export const above = (target: string): Condition => ({ kind: 'above', target: price(target) });
export const below = (target: string): Condition => ({ kind: 'below', target: price(target) });

/** `12:01 open high low close`, or `12:01 value` where nothing moved. */
export function candle(text: string, spanMs = minuteMs): Bar {
  const [time = '', open = '', high = open, low = open, close = open] = text.split(' ');
  return { openAt: at(time), spanMs, open: price(open), high: price(high), low: price(low), close: price(close) };
}

/** Of the sheet that most tests write. */
export const header: readonly Cell[] = 'symbol condition price user_id exchange active name notes id'.split(' ');

/** What rows are read with; `knownUsers` undefined accepts any name. */
export const reading = (knownUsers?: readonly string[]): Reading => ({
  knownUsers,
  channelNames,
  now: at('12:05'),
  timeZone: 'UTC',
});

/** What a row of nothing but the required cells says, so that a new column needs no word here. */
export function blankValues(): FieldValues {
  const blank = Object.fromEntries(columnNames.map((column) => [column, undefined])) as Record<ColumnName, Cell>;
  const values = readValues({ ...blank, symbol: 'BTCUSDT', condition: 'above', price: '95000' }, reading());
  if (!values.ok) throw new Error(values.error.join('. '));
  return values.value;
}

export function spec(overrides: Partial<AlertSpec> = {}): AlertSpec {
  return {
    ...blankValues(),
    id: 'btc-95k',
    user: 'dmitry',
    exchange: 'binance',
    symbol: 'BTCUSDT',
    condition: above('95000'),
    active: true,
    name: 'Breakout',
    notes: 'sell half',
    ...overrides,
  };
}

export function pendingAlert(overrides: Partial<Omit<WaitingAlert, 'status'>> = {}) {
  return {
    ...spec(),
    status: 'pending',
    armedAt: at('12:00'),
    createdAt: at('12:00'),
    triggeredAt: undefined,
    triggeredCount: 0,
    ...overrides,
  } as const satisfies WaitingAlert;
}

export function triggeredAlert(overrides: Partial<Omit<WaitingAlert, 'status'>> = {}) {
  return {
    ...pendingAlert({ triggeredAt: at('12:05'), triggeredCount: 1, ...overrides }),
    status: 'triggered',
  } as const satisfies WaitingAlert;
}

export function expiredAlert(overrides: Partial<Omit<ExpiredAlert, 'status'>> = {}): ExpiredAlert {
  return { ...pendingAlert(), status: 'expired', expiredAt: at('12:30'), statusBefore: 'pending', ...overrides };
}

export function trigger(overrides: Partial<Trigger> = {}): Trigger {
  return {
    market: { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' },
    price: '95180.00000000',
    touchedAt: at('12:04'),
    lastPrice: '95010.50000000',
    lastPriceAt: at('12:05'),
    ...overrides,
  };
}

/** As a claim at 12:05 writes it. */
export function delivery(overrides: Partial<Delivery> = {}): Delivery {
  const { isPossibleRepeat = false, nextAttemptAt, lastError } = overrides;
  return {
    channels: [{ channel: 'pushover', state: 'waiting', isPossibleRepeat, nextAttemptAt, lastError }],
    fireId: 'fire-1',
    trigger: trigger(),
    claimedAt: at('12:05'),
    attempts: 1,
    leaseBy: 'run-1',
    leaseUntil: at('12:05') + leaseMs,
    nextAttemptAt: undefined,
    isPossibleRepeat: false,
    lastError: undefined,
    ...overrides,
  };
}

export function notifyingAlert(overrides: Partial<Omit<NotifyingAlert, 'status'>> = {}): NotifyingAlert {
  return { ...pendingAlert(), status: 'notifying', delivery: delivery(), ...overrides };
}

/** All markets checked through to then, and nothing else to remember. */
export const checkpointAt = (checkedAt: number): Checkpoint => ({
  checkedAt,
  watermarks: { all: checkedAt, openSince: {} },
  outages: {},
  refusal: undefined,
  accountWaits: {},
});
