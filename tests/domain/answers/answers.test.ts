import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../../src/domain/alert.js';
import { type Answers, answersOf } from '../../../src/domain/answers/answers.js';
import type { Looked } from '../../../src/domain/answers/looked.js';
import { type Condition, conditionOf } from '../../../src/domain/conditions/registry.js';
import type { ChannelDelivery } from '../../../src/domain/delivery/channel.js';
import { alertAfter, commit } from '../../../src/domain/delivery/transition.js';
import { rate } from '../../../src/domain/funding.js';
import { price } from '../../../src/domain/price.js';
import { at, delivery, notifyingAlert, pendingAlert, triggeredAlert } from '../../support/builders.js';

const seen = (last = '95000', more: Partial<Extract<Looked, { kind: 'price' }>> = {}): Looked => ({
  kind: 'price',
  last: price(last),
  memory: undefined,
  problem: undefined,
  ...more,
});

const asking = (words: Condition['kind'], target: string, more: Partial<Alert> = {}): Alert => {
  const condition = conditionOf(words, target);
  if (!condition.ok) throw new Error(condition.error);
  return pendingAlert({ condition: condition.value, ...(more as object) });
};

const refusing: ChannelDelivery = {
  channel: 'telegram',
  state: 'refused',
  isPossibleRepeat: false,
  nextAttemptAt: undefined,
  lastError: 'the bot was blocked; start it again',
};
const accepted: ChannelDelivery = { channel: 'pushover', state: 'accepted', at: at('12:05'), receipt: undefined };
const repeats = { text: '1h', afterMs: 3_600_000, back: undefined };

describe('status, and what else its trader has to know', () => {
  test.each<[name: string, alert: Alert, looked: Looked | undefined, expected: Answers]>([
    ['armed', pendingAlert(), seen('90000'), { status: 'armed', times: 0, 'fired at': '', answer: '' }],
    ['fired', triggeredAlert(), undefined, { status: 'fired 20 Nov 13:05', times: 1, 'fired at': '2026-11-20 13:05' }],
    [
      'armed again',
      pendingAlert({ repeat: repeats, armedAt: at('13:05'), triggeredAt: at('12:05'), triggeredCount: 2 }),
      seen(),
      { status: 'armed again 20 Nov 14:05', times: 2, 'last price': 95000 },
    ],
    [
      'waits for the other side',
      pendingAlert({
        triggeredAt: at('12:05'),
        triggeredCount: 1,
        rearm: { since: at('12:05'), notBefore: at('12:05'), fired: '95180', isBehind: false },
      }),
      seen(),
      { status: 'fired 20 Nov 13:05', answer: 'armed again when the price was back on the other side' },
    ],
    ['sending', notifyingAlert(), undefined, { status: 'sending', 'last price': '', answer: '' }],
    [
      'sending, refused so far',
      notifyingAlert({ delivery: delivery({ channels: [refusing] }) }),
      undefined,
      { status: 'sending', answer: 'not yet told on telegram: the bot was blocked; start it again' },
    ],
    [
      'rung until somebody acknowledged',
      triggeredAlert({
        receipts: [
          { channel: 'pushover', receipt: 'r', fireId: 'f', rungAt: at('12:05'), acknowledgedAt: at('12:07') },
        ],
      }),
      undefined,
      { status: 'fired 20 Nov 13:05', answer: 'acknowledged 20 Nov 13:07' },
    ],
    ['paused', pendingAlert({ active: false }), undefined, { status: 'paused', 'last price': '', distance: '' }],
    [
      'paused by a storm',
      triggeredAlert({ repeat: repeats, recentFires: Array.from({ length: 15 }, () => at('12:05')) }),
      undefined,
      { status: 'paused', answer: 'it fired fifteen times within an hour; set active to FALSE, then TRUE, to go on' },
    ],
    [
      'over',
      pendingAlert({ overAt: at('12:06') }),
      undefined,
      { status: 'over', answer: 'its time ended; write a later date into expires to arm it afresh' },
    ],
    [
      'not listed',
      pendingAlert(),
      { kind: 'not-listed', problem: 'binance:NOSUCH: the exchange does not list this symbol' },
      { status: 'not listed', answer: 'binance:NOSUCH: the exchange does not list this symbol', 'last price': '' },
    ],
    [
      'without a price',
      pendingAlert(),
      { kind: 'no-price', problem: 'binance:BTCUSDT: the exchange did not answer' },
      { status: 'no price', answer: 'binance:BTCUSDT: the exchange did not answer' },
    ],
    [
      'with a price, and not all of the window',
      pendingAlert(),
      seen('90000', { problem: 'binance:BTCUSDT: no candles' }),
      { status: 'armed', answer: 'binance:BTCUSDT: no candles', 'last price': 90000 },
    ],
  ])('%s', (_, alert, looked, expected) => expect(answersOf(alert, looked, 'Europe/Berlin')).toMatchObject(expected));

  test('where a run found no time, what was seen earlier stays', () => {
    expect(answersOf(pendingAlert(), undefined, 'UTC')).toEqual({ status: 'armed', 'fired at': '', times: 0 });
  });

  test('a channel that refused the last fire is named also when another one accepted it', () => {
    const told = notifyingAlert({ delivery: delivery({ channels: [accepted, refusing] }) });
    const after = alertAfter(told, commit(told, at('12:05')));
    expect(answersOf(after, undefined, 'UTC')).toMatchObject({
      status: 'fired 20 Nov 12:05',
      answer: 'not told on telegram: the bot was blocked; start it again',
    });
  });
});

const funding = (text: string): Looked => ({
  kind: 'funding',
  funding: { rate: rate(text), intervalHours: 8, nextAt: at('16:00') },
});

test.each<[words: Condition['kind'], target: string, looked: Looked, expected: number | '']>([
  ['above', '110', seen('100'), 10],
  ['below', '99.99', seen('100'), 0.01],
  ['below', '99.9999', seen('100'), 0.0001],
  ['crosses', '100', seen('100.00'), 0],
  ['inside', '90..95', seen('100'), 5],
  ['leaves', '90..102', seen('100'), 2],
  ['falls from high', '10%', seen('100'), 10],
  ['falls from high', '10%', seen('95', { memory: { asOf: 1, facts: { price: price('100'), at: 1 } as never } }), 5.26],
  ['rises from low', '10', seen('95', { memory: { asOf: 1, facts: { price: price('90'), at: 1 } as never } }), 5.26],
  ['rises', '5% in 1h', seen('100'), ''],
  ['funding above', '0.05%', funding('0.0001'), 0.04],
  ['funding below', '-10% apr', funding('0.0001'), 20.95],
])('%s %s: how far it is', (words, target, looked, expected) =>
  expect(answersOf(asking(words, target), looked, 'UTC').distance).toBe(expected),
);
