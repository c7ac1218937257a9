import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../src/domain/alert.js';
import { type Decision, evaluate, type PriceEvidence, priceEvidence } from '../../src/domain/evaluation.js';
import type { Candle } from '../../src/domain/evidence/candle.js';
import { price } from '../../src/domain/price.js';
import { minuteMs } from '../../src/domain/time.js';
import { above, at, below, expiredAlert, notifyingAlert, pendingAlert, triggeredAlert } from '../support/builders.js';
import { isTouched } from '../support/touched.js';

const hourly = { text: '1h', afterMs: 3_600_000, back: undefined };

const market = { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' } as const;
const evidence = (last: string, time = '12:05'): PriceEvidence => priceEvidence(market, price(last), at(time));
const silent = (reason: string) => ({ fire: false, reason }) as Decision;
const fire = (last: string, time = '12:05'): Decision => ({
  fire: true,
  trigger: { market, price: last, touchedAt: at(time), lastPrice: last, lastPriceAt: at(time) },
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
    name: 'the alert waits out its repeat after a fire',
    alert: pendingAlert({ armedAt: at('13:00'), triggeredCount: 1, repeat: hourly }),
    known: evidence('96000'),
    expected: silent('waits-out-repeat'),
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
    const elsewhere = { exchange: 'bybit', kind: 'spot', symbol: 'BTCUSDT' } as const;
    const decision = evaluate(pendingAlert(), priceEvidence(elsewhere, price('96000'), at('12:05')));
    expect(decision).toEqual({
      fire: true,
      trigger: {
        market: elsewhere,
        price: '96000',
        touchedAt: at('12:05'),
        lastPrice: '96000',
        lastPriceAt: at('12:05'),
      },
    });
  });
});

describe('candles', () => {
  const candle = (time: string, low: string, high: string, spanMs = minuteMs): Candle => ({
    openAt: at(time),
    spanMs,
    open: price(low),
    low: price(low),
    high: price(high),
    close: price(low),
  });
  const seen = (last: string, ...candles: Candle[]) => priceEvidence(market, price(last), at('12:05'), candles);
  const touched = (time: string, reach: string, last: string): Decision => ({
    fire: true,
    trigger: { market, price: reach, touchedAt: at(time), lastPrice: last, lastPriceAt: at('12:05') },
  });

  test.each<{ name: string; alert: Alert; known: PriceEvidence; expected: Decision }>([
    {
      name: 'a price that came and went between two checks fires, and says since when and how far it went',
      alert: pendingAlert(),
      known: seen(
        '94100',
        candle('12:01', '94000', '94900'),
        candle('12:02', '94500', '95000'),
        candle('12:03', '94400', '95180'),
        candle('12:04', '94000', '94300'),
      ),
      expected: touched('12:02', '95180', '94100'),
    },
    {
      name: 'the low counts for below',
      alert: pendingAlert({ condition: below('94000') }),
      known: seen('94100', candle('12:01', '94000.00', '94900'), candle('12:02', '93900.5', '94200')),
      expected: touched('12:01', '93900.5', '94100'),
    },
    {
      name: 'the high does not count for below',
      alert: pendingAlert({ condition: below('93000') }),
      known: seen('94100', candle('12:01', '93000.01', '99000')),
      expected: silent('not-touched'),
    },
    {
      name: 'a candle that began before the alert was armed is no evidence',
      alert: pendingAlert({ armedAt: at('12:02:00.001') }),
      known: seen('94100', candle('12:02', '94500', '99000')),
      expected: silent('not-touched'),
    },
    {
      name: 'a candle that began when the alert was armed is evidence',
      alert: pendingAlert({ armedAt: at('12:02') }),
      known: seen('94100', candle('12:02', '94500', '99000')),
      expected: touched('12:02', '99000', '94100'),
    },
    {
      name: 'how far the price went counts from the touch on, not from a candle before the alert was armed',
      alert: pendingAlert({ armedAt: at('12:02:30') }),
      known: seen('94100', candle('12:02', '94500', '99000'), candle('12:03', '94500', '95100')),
      expected: touched('12:03', '95100', '94100'),
    },
    {
      name: 'a second of the minute in which the alert was armed is evidence',
      alert: pendingAlert({ armedAt: at('12:02:30') }),
      known: seen('94100', candle('12:02', '94500', '99000'), candle('12:02:31', '95000', '95001', 1_000)),
      expected: touched('12:02:31', '95001', '94100'),
    },
    {
      name: 'the last price fires with the candles since its first touch',
      alert: pendingAlert(),
      known: seen('95500', candle('12:03', '94500', '94999'), candle('12:04', '94900', '95600')),
      expected: touched('12:04', '95600', '95500'),
    },
    {
      name: 'the high is short by the last digit',
      alert: pendingAlert(),
      known: seen('94100', candle('12:03', '94000', '94999.99999999')),
      expected: silent('not-touched'),
    },
    {
      name: 'the price now is how far it went where it is beyond every candle',
      alert: pendingAlert(),
      known: seen('96000', candle('12:04', '94000', '95100')),
      expected: touched('12:04', '96000', '96000'),
    },
    {
      name: 'an alert that was true when it was armed is not told of the candles before',
      alert: pendingAlert({ armedAt: at('12:03:20') }),
      known: seen('96000', candle('12:02', '95500', '99000'), candle('12:03', '95500', '98000')),
      expected: touched('12:05', '96000', '96000'),
    },
    {
      name: 'a paused alert is not told of any',
      alert: pendingAlert({ active: false }),
      known: seen('94100', candle('12:02', '94500', '99000')),
      expected: silent('not-armed'),
    },
    {
      name: 'the last price alone fires now',
      alert: pendingAlert(),
      known: seen('95500', candle('12:03', '94500', '94999')),
      expected: touched('12:05', '95500', '95500'),
    },
  ])('$name', ({ alert, known, expected }) => expect(evaluate(alert, known)).toEqual(expected));

  test('fire exactly when the last price or a candle since arming touches, whatever came before', () => {
    const prices = fc.integer({ min: 1, max: 20 }).map((units) => price(String(units)));
    const ranges = fc
      .tuple(prices, prices)
      .map(([a, b]) => (a.value.lt(b.value) ? { low: a, high: b } : { low: b, high: a }));
    const conditions = fc.constantFrom(above('10'), below('10'), above('19'), below('2'));
    fc.assert(
      fc.property(
        conditions,
        prices,
        fc.array(ranges, { maxLength: 10 }),
        fc.integer({ min: 0, max: 10 }),
        (condition, last, each, armed) => {
          const candles = each.map((range, minute) => ({
            ...range,
            openAt: at('12:00') + minute * minuteMs,
            spanMs: minuteMs,
            open: range.low,
            close: range.low,
          }));
          const alert = pendingAlert({ condition, armedAt: at('12:00') + armed * minuteMs });
          const decision = evaluate(alert, priceEvidence(market, last, at('12:30'), candles));
          const since = [...candles.slice(armed), { low: last, high: last }];
          expect(decision.fire).toBe(since.some((range) => isTouched(condition, range)));
          if (decision.fire) {
            const reached = price(decision.trigger.price);
            expect(isTouched(condition, { low: reached, high: reached })).toBe(true);
            expect(decision.trigger.touchedAt).toBeGreaterThanOrEqual(alert.armedAt);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
