import { describe, expect, test } from '@jest/globals';
import { Big } from 'big.js';
import type { NotifyingAlert, WaitingAlert } from '../../../src/domain/alert.js';
import { isArmed } from '../../../src/domain/alert.js';
import { marketEvidence } from '../../../src/domain/conditions/judge.js';
import type { Condition } from '../../../src/domain/conditions/registry.js';
import { afterReturn, isReturning, returnWindowFrom } from '../../../src/domain/delivery/rearm.js';
import { isPausedByStorm, isStorm } from '../../../src/domain/delivery/repeat.js';
import { alertAfter, claim, commit, end, takeOver } from '../../../src/domain/delivery/transition.js';
import type { Bar } from '../../../src/domain/evidence/bar.js';
import type { Priority } from '../../../src/domain/fields/priority.js';
import type { Repeat } from '../../../src/domain/fields/repeat.js';
import { price } from '../../../src/domain/price.js';
import { above, at, candle, delivery, notifyingAlert, pendingAlert, trigger } from '../../support/builders.js';
import { condition } from '../../support/conditions.js';
import { messageFor } from '../../support/message.js';
import { rowsIn } from '../../support/text-table.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const always: Repeat = { text: 'always', afterMs: 0, back: undefined };
const hourly: Repeat = { text: '1h', afterMs: hourMs, back: undefined };
const back = (share = '0', afterMs = 0): Repeat => ({ text: 'back', afterMs, back: { share: new Big(share) } });

const committed = (alert: NotifyingAlert, now: number) => alertAfter(alert, commit(alert, now)) as WaitingAlert;

describe('a commit', () => {
  const rearm = { since: at('12:05'), notBefore: at('13:05'), fired: '95180.00000000', isBehind: false };
  const armed = (time: string): Partial<WaitingAlert> => ({ status: 'pending', armedAt: at(time) });
  test.each<[string, Repeat | undefined, Partial<WaitingAlert>]>([
    ['of an alert that fires once ends it', undefined, { status: 'triggered', armedAt: at('12:00') }],
    ['of one that always fires arms it at once', always, armed('12:06')],
    ['arms it a duration after the claim', hourly, armed('13:05')],
    ['that comes after the duration arms it now', { ...hourly, afterMs: 30_000 }, armed('12:06')],
    [
      'leaves it waiting for the other side, watched from the claim on',
      back('0', hourMs),
      { ...armed('13:05'), rearm },
    ],
  ])('%s', (_, repeat, expected) => {
    const alert = committed(notifyingAlert({ repeat }), at('12:06'));
    expect(alert).toMatchObject({ ...expected, triggeredAt: at('12:06'), triggeredCount: 1 });
    expect(isArmed(alert)).toBe(expected.status === 'pending' && expected.rearm === undefined);
  });

  test('by another run than the claim looks at all since the claim', () => {
    const alert = notifyingAlert({ repeat: back(), delivery: delivery({ attempts: 2 }) });
    expect(committed(alert, at('12:30')).rearm).toMatchObject({ since: at('12:05'), isBehind: true });
  });

  test('by a worker, whose first attempt comes after a claim without a lease, looks at all since the claim', () => {
    const rung = delivery({ attempts: 0, leaseUntil: undefined });
    const alert = notifyingAlert({ repeat: back(), delivery: rung });
    const transition = takeOver(alert, { runId: 'worker', now: at('12:29') });
    if (transition === undefined) throw new Error('not due');
    const taken = alertAfter(alert, transition) as NotifyingAlert;
    expect(taken.delivery.attempts).toBe(1);
    expect(committed(taken, at('12:30')).rearm).toMatchObject({ since: at('12:05'), isBehind: true });
  });

  test('by two runs that both sent arms it once', () => {
    const { expected, next } = commit(notifyingAlert({ repeat: always }), at('12:06'));
    expect(expected).toEqual([{ fireId: 'fire-1', status: 'notifying' }]);
    expect(next).toMatchObject({ status: 'pending', armedAt: at('12:06') });
  });

  test('arms at another instant than before, whatever the clocks say', () => {
    const alert = notifyingAlert({ repeat: always, armedAt: at('12:07') });
    expect(committed(alert, at('12:06')).armedAt).toBe(at('12:07') + 1);
  });

  test("begins a trail's reference anew at the last price of the fire, on the market that fired", () => {
    const trail = notifyingAlert({ repeat: hourly, condition: condition('falls from high 3%') });
    const { market } = trigger();
    const extreme = { price: price('95010.50000000'), at: at('12:05') };
    expect(committed(trail, at('12:06')).memory).toEqual({ market, judged: { asOf: at('12:05'), facts: extreme } });
  });

  test('lets a crossing begin anew when it is armed, on the market that fired', () => {
    const crossing = notifyingAlert({ repeat: hourly, condition: condition('crosses up 95000') });
    expect(committed(crossing, at('12:06')).memory).toEqual({ market: trigger().market, judged: undefined });
  });

  test('keeps the receipt of what rings, beside earlier ones that may still ring', () => {
    const receipt = (fireId: string, rungAt: number) => {
      return { channel: 'phone', receipt: `of ${fireId}`, fireId, rungAt, acknowledgedAt: undefined };
    };
    const alert = notifyingAlert({
      receipts: [receipt('long over', at('11:05')), receipt('earlier', at('11:50'))],
      delivery: delivery({
        channels: [{ channel: 'phone', state: 'accepted', at: at('12:06'), receipt: 'of fire-1' }],
      }),
    });
    expect(committed(alert, at('12:06')).receipts).toEqual([
      receipt('earlier', at('11:50')),
      { ...receipt('fire-1', at('12:06')), claimedAt: alert.delivery.claimedAt },
    ]);
  });

  test.each<[string, Priority, boolean]>([
    ['what an urgent one may have left ringing on a channel that never answered', 'urgent', true],
    ['nothing of one that rings nobody', 'high', false],
  ])('keeps %s', (_, priority, isKept) => {
    const lost = { channel: 'phone', receipt: undefined, fireId: 'fire-1', rungAt: at('13:05') };
    const channels = [
      { channel: 'chat', state: 'accepted', at: at('12:05'), receipt: undefined },
      { channel: 'phone', state: 'given-up', lastError: 'no answer' },
    ] as const;
    const alert = notifyingAlert({ priority, delivery: delivery({ channels }) });
    const kept = [{ ...lost, claimedAt: alert.delivery.claimedAt, acknowledgedAt: undefined }];
    expect(committed(alert, at('13:05')).receipts).toEqual(isKept ? kept : undefined);
  });
});

describe('a storm', () => {
  /** Fires as often as it says, a minute apart. */
  function fired(times: number, stepMs: number) {
    let alert: WaitingAlert = pendingAlert({ repeat: always });
    const texts: string[] = [];
    for (let time = 0; time < times && alert.status === 'pending'; time += 1) {
      const now = at('12:05') + time * stepMs;
      const claimed = alertAfter(alert, claim(alert, delivery({ claimedAt: now }))) as NotifyingAlert;
      const how = { isPossibleRepeat: false, now, isLastBeforePause: isStorm(claimed) };
      texts.push(messageFor(claimed, trigger(), how).text);
      alert = committed(claimed, now + 1_000);
    }
    return { alert, texts };
  }

  test('of fifteen fires within an hour pauses the alert, and the fifteenth says so', () => {
    const { alert, texts } = fired(20, 4 * minuteMs);
    expect(texts).toHaveLength(15);
    expect(texts.filter((text) => text.includes('paused'))).toEqual([texts[14]]);
    expect(texts[14]).toContain('set active to FALSE, then TRUE');
    expect([isPausedByStorm(alert), isArmed(alert), alert.triggeredCount]).toEqual([true, false, 15]);
  });

  test('is none where the fifteenth comes an hour after the first', () => {
    const { alert, texts } = fired(40, hourMs / 14);
    expect(texts).toHaveLength(40);
    expect(isPausedByStorm(alert)).toBe(false);
    expect(alert.recentFires?.length).toBeLessThanOrEqual(15);
  });

  test('is not counted for an alert that fires once', () => {
    const claimed = alertAfter(pendingAlert(), claim(pendingAlert(), delivery())) as NotifyingAlert;
    expect(claimed.recentFires).toBeUndefined();
  });
});

describe('the way back', () => {
  /** Fired at 12:05, and looked at 12:10. */
  function looked(
    wanted: Condition,
    repeat: Repeat,
    bars: readonly Bar[],
    { last = '96000', fired = '95180', attempts = 1 } = {},
  ) {
    const alert = notifyingAlert({
      condition: wanted,
      repeat,
      delivery: delivery({ attempts, trigger: trigger({ price: fired }) }),
    });
    const waiting = committed(alert, at('12:06'));
    if (!isReturning(waiting)) throw new Error('expected an alert that waits');
    return afterReturn(waiting, marketEvidence(bars, price(last), at('12:10')));
  }

  const through = '12:07 95500 96000 94999.99 95500';
  const bars: Readonly<Record<string, readonly Bar[]>> = {
    none: [],
    up: [candle('12:06 95500 96000 95000 95500')],
    through: [candle(through)],
    both: [candle('12:06 95500 96000 95000 95500'), candle(through)],
    early: [{ ...candle(through), openAt: at('12:04') }],
  };

  test.each(
    rowsIn(`
      is not gone by a price on the level | above 95000 | 0 | up | 96000 | 95180 |
      is gone at the end of the candle that proves it | above 95000 | 0 | both | 96000 | 95180 | 12:08
      is gone at the instant of the price that proves it | above 95000 | 0 | up | 94999.99 | 95180 | 12:10
      is not gone by a candle that began before the fire | above 95000 | 0 | early | 96000 | 95180 |
      arms no earlier than the duration | above 95000 | 0 in 1h | through | 96000 | 95180 | 13:05
      has to lead so far beyond the target | above 95000 | 0.005 | through | 94525.01 | 95180 |
      is gone that far beyond the target, to the tick | above 95000 | 0.005 | through | 94525 | 95180 | 12:10
      leads up where the alert fired by a fall | crosses down 95000 | 0 | up | 95000.01 | 94000 | 12:07
      of a crossing either way leads to the side that it came from | crosses 95000 | 0 | up | 97000 | 94000 | 12:07
      of a crossing either way is not the side that it went to | crosses 95000 | 0 | up | 97000 | 96000 |
      of a band leads out of it, beyond the nearer bound
        inside 90000..95000 | 0.01 | up | 95950 | 94000 | 12:07
      of what left a band leads into it, as far from its bounds
        leaves 90000..97000 | 0.01 | none | 96030.01 | 98000 |
      of what left a band is gone inside of it | leaves 90000..97000 | 0.01 | none | 96030 | 98000 | 12:10
    `),
  )('%s', (_, asked, way, seen, last, fired, armedAt) => {
    const [share, after] = way.split(' in ');
    const repeat = back(share, after === undefined ? 0 : hourMs);
    const result = looked(condition(asked), repeat, bars[seen] ?? [], { last, fired });
    expect(result).toEqual(armedAt === '' ? undefined : { armedAt: at(armedAt), rearm: undefined });
  });

  test('that another run begins to look for is written down once all since the claim was seen', () => {
    const rearm = { since: at('12:05'), notBefore: at('12:05'), fired: '95180', isBehind: false };
    const result = looked(above('95000'), back(), bars.up ?? [], { attempts: 2 });
    expect(result).toEqual({ armedAt: at('12:06'), rearm });
  });

  test("opens its window at the claim until that is seen, and then at the market's watermark", () => {
    const waiting = (attempts: number) => {
      const alert = committed(notifyingAlert({ repeat: back(), delivery: delivery({ attempts }) }), at('12:06'));
      if (!isReturning(alert)) throw new Error('expected an alert that waits');
      return alert;
    };
    const windows = [undefined, at('12:00'), at('12:09')].map((mark) => returnWindowFrom(waiting(1), mark));
    expect(windows).toEqual([at('12:05'), at('12:05'), at('12:09')]);
    expect(returnWindowFrom(waiting(2), at('12:09'))).toBe(at('12:05'));
  });
});

test('an alert that is over is armed no more, and ends once', () => {
  const over = alertAfter(pendingAlert(), end(pendingAlert(), at('12:06'))) as WaitingAlert;
  expect([over.status, over.overAt, isArmed(over)]).toEqual(['pending', at('12:06'), false]);
  expect(end(over, at('12:07')).expected).toEqual([
    { status: 'pending', active: true, armedAt: at('12:00'), overAt: undefined },
  ]);
});
