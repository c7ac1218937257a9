import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../src/domain/alert.js';
import { type Decision, evaluate, type PriceEvidence } from '../../src/domain/evaluation.js';
import { price } from '../../src/domain/price.js';
import { above, at, below, expiredAlert, notifyingAlert, pendingAlert, triggeredAlert } from '../support/builders.js';

const market = { exchange: 'binance', symbol: 'BTCUSDT' } as const;
const evidence = (last: string, time = '12:05'): PriceEvidence => ({ market, last: price(last), lastAt: at(time) });
const silent = (reason: string) => ({ fire: false, reason }) as Decision;
const fire = (last: string, time = '12:05'): Decision => ({
  fire: true,
  firing: { market, price: last, touchedAt: at(time), lastPrice: last, lastPriceAt: at(time) },
});

test.each<{ name: string; alert: Alert; known: PriceEvidence | undefined; expected: Decision }>([
  {
    name: 'the last price is above',
    alert: pendingAlert(),
    known: evidence('95180.00000000'),
    expected: fire('95180.00000000'),
  },
  { name: 'the last price is the target', alert: pendingAlert(), known: evidence('95000'), expected: fire('95000') },
  {
    name: 'the last price is the target in other digits, and those of the exchange are kept',
    alert: pendingAlert({ condition: above('95000.10') }),
    known: evidence('95000.10000000'),
    expected: fire('95000.10000000'),
  },
  {
    name: 'the last price is short',
    alert: pendingAlert(),
    known: evidence('94999.99999999'),
    expected: silent('not-touched'),
  },
  {
    name: 'the last price is below',
    alert: pendingAlert({ condition: below('95000') }),
    known: evidence('94000'),
    expected: fire('94000'),
  },
  {
    name: 'the last price is the target of an alert below',
    alert: pendingAlert({ condition: below('95000') }),
    known: evidence('95000'),
    expected: fire('95000'),
  },
  {
    name: 'the last price is still above an alert below',
    alert: pendingAlert({ condition: below('95000') }),
    known: evidence('95000.00000001'),
    expected: silent('not-touched'),
  },
  { name: 'no exchange gave a price', alert: pendingAlert(), known: undefined, expected: silent('no-price') },
  {
    name: 'the price was seen before the alert was armed',
    alert: pendingAlert({ armedAt: at('12:05:00.001') }),
    known: evidence('96000'),
    expected: silent('no-evidence-since-armed'),
  },
  {
    name: 'the price was seen at the instant of arming, and is true already',
    alert: pendingAlert({ armedAt: at('12:05') }),
    known: evidence('96000'),
    expected: fire('96000'),
  },
  {
    name: 'the alert is paused',
    alert: pendingAlert({ active: false }),
    known: evidence('96000'),
    expected: silent('not-armed'),
  },
  { name: 'the alert has fired', alert: triggeredAlert(), known: evidence('96000'), expected: silent('not-armed') },
  { name: 'the alert is being told', alert: notifyingAlert(), known: evidence('96000'), expected: silent('not-armed') },
  { name: 'the alert has expired', alert: expiredAlert(), known: evidence('96000'), expected: silent('not-armed') },
  {
    name: 'the alert is paused and there is no price: the nearer reason is told',
    alert: pendingAlert({ active: false }),
    known: undefined,
    expected: silent('not-armed'),
  },
])('$name', ({ alert, known, expected }) => expect(evaluate(alert, known)).toEqual(expected));

describe('a price of another exchange', () => {
  test('is told as that of the exchange that gave it', () => {
    const elsewhere = { exchange: 'bybit', symbol: 'BTCUSDT' } as const;
    const decision = evaluate(pendingAlert(), { ...evidence('96000'), market: elsewhere });
    expect(decision).toEqual({
      fire: true,
      firing: {
        market: elsewhere,
        price: '96000',
        touchedAt: at('12:05'),
        lastPrice: '96000',
        lastPriceAt: at('12:05'),
      },
    });
  });
});
