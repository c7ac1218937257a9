import { describe, expect, test } from '@jest/globals';
import { healthMessage, nextOutages, type Observed, type Outages } from '../../src/domain/exchange-health.js';
import { at } from '../support/builders.js';

const down: Observed = { isPermanent: false, reason: 'the exchange did not answer: HTTP 500' };
const blocked: Observed = { isPermanent: true, reason: 'the exchange refuses this region (HTTP 451)' };
const seen = (observed: Observed) => new Map([['bybit', observed] as const]);

/** What is told over a day of checks: `observed` says what each of them sees. */
function told(observed: readonly [time: string, seen: Observed | 'not-asked'][]): string[] {
  let outages: Outages = {};
  return observed.flatMap(([time, each]) => {
    const next = nextOutages(outages, each === 'not-asked' ? new Map() : seen(each), at(time));
    outages = next.outages;
    return next.news.map(({ kind, key }) => `${time} ${kind} ${key}`);
  });
}

describe('what is told', () => {
  test.each<{ name: string; observed: [string, Observed | 'not-asked'][]; expected: string[] }>([
    {
      name: 'nothing of an exchange that is up',
      observed: [
        ['12:00', 'up'],
        ['13:00', 'up'],
      ],
      expected: [],
    },
    {
      name: 'nothing of an outage under an hour',
      observed: [
        ['12:00', down],
        ['12:59:59', down],
        ['13:00', 'up'],
      ],
      expected: [],
    },
    {
      name: 'an outage of an hour once, and its end once',
      observed: [
        ['12:00', down],
        ['13:00', down],
        ['14:00', down],
        ['15:00', 'up'],
        ['16:00', 'up'],
      ],
      expected: ['13:00 down bybit-down-2026-11-20T12:00:00.000Z', '15:00 back bybit-back-2026-11-20T12:00:00.000Z'],
    },
    {
      name: 'a second outage anew',
      observed: [
        ['12:00', down],
        ['13:00', down],
        ['14:00', 'up'],
        ['15:00', down],
        ['16:00', down],
      ],
      expected: [
        '13:00 down bybit-down-2026-11-20T12:00:00.000Z',
        '14:00 back bybit-back-2026-11-20T12:00:00.000Z',
        '16:00 down bybit-down-2026-11-20T15:00:00.000Z',
      ],
    },
    {
      name: 'an exchange that is not asked stays what it was',
      observed: [
        ['12:00', down],
        ['12:30', 'not-asked'],
        ['13:00', down],
        ['14:00', 'not-asked'],
        ['15:00', 'up'],
      ],
      expected: ['13:00 down bybit-down-2026-11-20T12:00:00.000Z', '15:00 back bybit-back-2026-11-20T12:00:00.000Z'],
    },
    {
      name: 'one outage whose reason changes is one',
      observed: [
        ['12:00', down],
        ['12:30', blocked],
        ['13:00', down],
      ],
      expected: ['13:00 down bybit-down-2026-11-20T12:00:00.000Z'],
    },
  ])('$name', ({ observed, expected }) => expect(told(observed)).toEqual(expected));
});

describe('the message', () => {
  const news = (kind: 'down' | 'back', observed: typeof blocked) =>
    ({
      key: 'k',
      exchange: 'bybit',
      kind,
      outage: { ...(observed as { isPermanent: boolean; reason: string }), since: at('12:00'), isTold: true },
    }) as const;

  test('a passing outage loses nothing', () => {
    expect(healthMessage(news('down', down), at('13:05'))).toEqual({
      user: 'default',
      title: 'bybit gives no prices',
      text: 'Since 12:00 UTC: the exchange did not answer: HTTP 500. Its alerts are checked on the other exchanges where they list the symbol. Nothing is lost: when it is back, the whole gap is looked at.',
      timestamp: at('13:05') / 1000,
    });
  });

  test('a refused region says what to do', () => {
    expect(healthMessage(news('down', blocked), at('13:05')).text).toContain(
      'run in another region, or name another exchange',
    );
  });

  test('the end says how long it was', () => {
    expect(healthMessage(news('back', down), at('15:00'))).toMatchObject({
      title: 'bybit gives prices again',
      text: 'It gave none from 12:00 UTC to 15:00 UTC. What was touched meanwhile is told now.',
    });
  });
});
