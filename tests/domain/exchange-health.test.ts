import { describe, expect, test } from '@jest/globals';
import { healthMessage, nextOutages, type Observed, type Outages } from '../../src/domain/exchange-health.js';
import type { SourceName } from '../../src/domain/market.js';
import { at } from '../support/builders.js';
import { listIn, rowsIn } from '../support/text-table.js';

const down: Observed = { isPermanent: false, reason: 'the exchange did not answer: HTTP 500' };
const blocked: Observed = { isPermanent: true, reason: 'the exchange refuses this region (HTTP 451)' };
const seen = (observed: Observed) => new Map([['bybit', observed] as const]);

const observations: Readonly<Record<string, Observed | undefined>> = {
  up: 'up',
  down,
  blocked,
  'not-asked': undefined,
};

/** What is told over a day of checks, each `12:00 down` or what it sees; one that is not asked sees nothing. */
function told(checks: string): string[] {
  let outages: Outages = {};
  return listIn(checks).flatMap((check) => {
    const [time = '', word = ''] = check.split(' ');
    if (!(word in observations)) throw new Error(`expected what was seen, got ${check}`);
    const observed = observations[word];
    const next = nextOutages(outages, observed === undefined ? new Map() : seen(observed), at(time));
    outages = next.outages;
    return next.news.map(({ kind, key }) => `${time} ${kind} ${key}`);
  });
}

/** `13:00 down since 12:00`, as the news has it: with the key that it is told under. */
const newsAs = (text: string): string =>
  text.replace(/(\w+) since (.+)$/, (_, kind, since) => `${kind} bybit-${kind}-2026-11-20T${since}:00.000Z`);

describe('what is told', () => {
  test.each(
    rowsIn(`
      nothing of an exchange that is up | 12:00 up, 13:00 up |
      nothing of an outage under an hour | 12:00 down, 12:59:59 down, 13:00 up |
      an outage of an hour once, and its end once | 12:00 down, 13:00 down, 14:00 down, 15:00 up, 16:00 up
        13:00 down since 12:00, 15:00 back since 12:00
      a second outage anew | 12:00 down, 13:00 down, 14:00 up, 15:00 down, 16:00 down
        13:00 down since 12:00, 14:00 back since 12:00, 16:00 down since 15:00
      an exchange that is not asked stays what it was
        12:00 down, 12:30 not-asked, 13:00 down, 14:00 not-asked, 15:00 up
        13:00 down since 12:00, 15:00 back since 12:00
      one outage whose reason changes is one | 12:00 down, 12:30 blocked, 13:00 down | 13:00 down since 12:00
    `),
  )('%s', (_, checks, expected) => expect(told(checks)).toEqual(listIn(expected).map(newsAs)));
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

  test('of perpetuals is told by itself, since the spot markets may be well', () => {
    const { news: told } = nextOutages(
      { 'bybit.P': { isPermanent: false, reason: 'HTTP 500', since: at('12:00'), isTold: false } },
      new Map<SourceName, Observed>([
        ['bybit', 'up'],
        ['bybit.P', down],
      ]),
      at('13:05'),
    );
    expect(told.map((each) => healthMessage(each, at('13:05')).title)).toEqual(['bybit (perpetuals) gives no prices']);
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
