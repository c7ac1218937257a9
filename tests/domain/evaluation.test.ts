import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../src/domain/alert.js';
import { type Decision, evaluate, type PriceEvidence, priceEvidence } from '../../src/domain/evaluation.js';
import { price } from '../../src/domain/price.js';
import { minuteMs } from '../../src/domain/time.js';
import {
  above,
  at,
  below,
  candle,
  expiredAlert,
  notifyingAlert,
  pendingAlert,
  triggeredAlert,
} from '../support/builders.js';
import { condition } from '../support/conditions.js';
import { listIn, rowsIn } from '../support/text-table.js';
import { isTouched } from '../support/touched.js';

const hourly = { text: '1h', afterMs: 3_600_000, back: undefined };

const market = { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' } as const;
const elsewhere = { exchange: 'bybit', kind: 'spot', symbol: 'BTCUSDT' } as const;

const alerts: Readonly<Record<string, Alert>> = {
  paused: pendingAlert({ active: false }),
  'waits out its repeat': pendingAlert({ armedAt: at('13:00'), triggeredCount: 1, repeat: hourly }),
  fired: triggeredAlert(),
  'being told': notifyingAlert(),
  expired: expiredAlert(),
};

/** `above 95000`, `below 94000 armed 12:03`; armed at 12:00 where it does not say. */
function alertAs(text: string): Alert {
  const [asked = '', armed = '12:00'] = text.split(' armed ');
  return alerts[text] ?? pendingAlert({ condition: condition(asked), armedAt: at(armed) });
}

/** The last price, as it stood at 12:05; then a candle's instant, low and high, and its seconds where it is no minute. */
function evidenceAs(text: string): PriceEvidence | undefined {
  const [last = '', ...candles] = listIn(text);
  const read = candles.map((each) => {
    const [time, low, high, seconds = '60'] = each.split(' ');
    return candle(`${time} ${low} ${high} ${low} ${low}`, Number(seconds) * 1_000);
  });
  return last === '' ? undefined : priceEvidence(market, price(last), at('12:05'), read);
}

/** How far the price went and since when it was touched; or why the alert stays silent. */
function decisionAs(text: string, last: string): Decision {
  const [reached = '', touchedAt] = text.split(' at ');
  if (touchedAt === undefined) return { fire: false, reason: text } as Decision;
  const trigger = { market, price: reached, touchedAt: at(touchedAt), lastPrice: last, lastPriceAt: at('12:05') };
  return { fire: true, trigger };
}

const decides = (_: string, alert: string, evidence: string, expected: string) =>
  expect(evaluate(alertAs(alert), evidenceAs(evidence))).toEqual(decisionAs(expected, listIn(evidence)[0] ?? ''));

test.each(
  rowsIn(`
    the last price is above | above 95000 | 95180.00000000 | 95180.00000000 at 12:05
    the last price is the target | above 95000 | 95000 | 95000 at 12:05
    the last price is the target in other digits, and those of the exchange are kept
      above 95000.10 | 95000.10000000 | 95000.10000000 at 12:05
    the last price is short | above 95000 | 94999.99999999 | not-touched
    the last price is below | below 95000 | 94000 | 94000 at 12:05
    the last price is the target of an alert below | below 95000 | 95000 | 95000 at 12:05
    the last price is still above an alert below | below 95000 | 95000.00000001 | not-touched
    no exchange gave a price | above 95000 | | no-price
    the price was seen before the alert was armed
      above 95000 armed 12:05:00.001 | 96000 | no-evidence-since-armed
    the alert waits out its repeat after a fire | waits out its repeat | 96000 | waits-out-repeat
    the price was seen at the instant of arming, and is true already
      above 95000 armed 12:05 | 96000 | 96000 at 12:05
    the alert is paused | paused | 96000 | not-armed
    the alert has fired | fired | 96000 | not-armed
    the alert is being told | being told | 96000 | not-armed
    the alert has expired | expired | 96000 | not-armed
    the alert is paused and there is no price: the nearer reason is told | paused | | not-armed
  `),
)('%s', decides);

test('a price of another exchange is told as that of the exchange that gave it', () => {
  const decision = evaluate(pendingAlert(), priceEvidence(elsewhere, price('96000'), at('12:05')));
  const facts = { price: '96000', touchedAt: at('12:05'), lastPrice: '96000', lastPriceAt: at('12:05') };
  expect(decision).toEqual({ fire: true, trigger: { market: elsewhere, ...facts } });
});

describe('candles', () => {
  test.each(
    rowsIn(`
      a price that came and went between two checks fires, and says since when and how far it went
        above 95000
        94100, 12:01 94000 94900, 12:02 94500 95000, 12:03 94400 95180, 12:04 94000 94300 | 95180 at 12:02
      the low counts for below
        below 94000 | 94100, 12:01 94000.00 94900, 12:02 93900.5 94200 | 93900.5 at 12:01
      the high does not count for below
        below 93000 | 94100, 12:01 93000.01 99000 | not-touched
      a candle that began before the alert was armed is no evidence
        above 95000 armed 12:02:00.001 | 94100, 12:02 94500 99000 | not-touched
      a candle that began when the alert was armed is evidence
        above 95000 armed 12:02 | 94100, 12:02 94500 99000 | 99000 at 12:02
      how far the price went counts from the touch on, not from a candle before the alert was armed
        above 95000 armed 12:02:30 | 94100, 12:02 94500 99000, 12:03 94500 95100 | 95100 at 12:03
      a second of the minute in which the alert was armed is evidence
        above 95000 armed 12:02:30 | 94100, 12:02 94500 99000, 12:02:31 95000 95001 1 | 95001 at 12:02:31
      the last price fires with the candles since its first touch
        above 95000 | 95500, 12:03 94500 94999, 12:04 94900 95600 | 95600 at 12:04
      the high is short by the last digit
        above 95000 | 94100, 12:03 94000 94999.99999999 | not-touched
      the price now is how far it went where it is beyond every candle
        above 95000 | 96000, 12:04 94000 95100 | 96000 at 12:04
      an alert that was true when it was armed is not told of the candles before
        above 95000 armed 12:03:20 | 96000, 12:02 95500 99000, 12:03 95500 98000 | 96000 at 12:05
      a paused alert is not told of any
        paused | 94100, 12:02 94500 99000 | not-armed
      the last price alone fires now
        above 95000 | 95500, 12:03 94500 94999 | 95500 at 12:05
    `),
  )('%s', decides);

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
