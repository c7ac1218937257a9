import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createStoreClient } from '../../src/adapters/dynamodb/client.js';
import { exchanges } from '../../src/adapters/exchanges/registry.js';
import { findConditionName } from '../../src/domain/conditions/registry.js';
import { type ExchangeName, exchangeNames } from '../../src/domain/market.js';
import type { AlertStore } from '../../src/flows/ports/alert-store.js';
import { type PriceConditionName, priceConditionNames } from '../support/conditions.js';
import { oneForEach } from '../support/lifetime.js';
import { at, createWorld, received } from '../support/world.js';

const world = oneForEach(() => createWorld());

const texts = (): string[] => received(world).map(({ text }) => text.split('\n')[0] ?? '');

const symbols = Object.fromEntries(
  Object.values(exchanges).map(({ name, toExchangeSymbol }) => [name, toExchangeSymbol('BTC-USDT', true) ?? '']),
) as Record<ExchangeName, string>;

function list(exchange: ExchangeName, price = '100'): void {
  world.simulators.market.list(exchange, symbols[exchange], { price });
}

/** Prices by their times. */
type Trades = Readonly<Record<string, string>>;

function trade(exchange: ExchangeName, trades: Trades): void {
  const path = Object.entries(trades).map(([time, price]) => ({ at: at(time), price }));
  world.simulators.market.move(exchange, symbols[exchange], path);
}

const ask = (exchange: ExchangeName, condition: string, price: string | number) =>
  world.rows([symbols[exchange], condition, price, 'dmitry', exchange]);

/** The row stands in the sheet, and a check has armed it. */
async function armed(...row: Parameters<typeof ask>): Promise<void> {
  ask(...row);
  await world.check();
}

/** Everything that was told after a check at that time, prices without their zeros. */
async function toldBy(...check: Parameters<typeof world.checkAt>): Promise<string[]> {
  await world.checkAt(...check);
  return texts().map(plain);
}

const memoryOf = async () => (await world.store.list()).alerts[0]?.memory;

/** As a hand in the console might. */
async function damageMemory(): Promise<void> {
  const [alert] = (await world.store.list()).alerts;
  const client = createStoreClient();
  const memory = { UpdateExpression: 'SET memory = :text', ExpressionAttributeValues: { ':text': '{"market":' } };
  await client.send(new UpdateCommand({ TableName: 'trading-alerts', Key: { id: alert?.id }, ...memory }));
  client.destroy();
}

interface Scenario {
  /** A word for it, and a target. */
  readonly asks: readonly [condition: string, price: string];
  /** Trades after the arming at 12:00 on a price of 100. */
  readonly met: Trades;
  readonly touched: string;
  /** As good as met, for one that forgets what came before. */
  readonly notMet: Trades;
}

const spike: Trades = { '12:02:10': '106', '12:03:10': '100' };
const dip: Trades = { '12:02:10': '94', '12:03:10': '100' };
const slowRise: Trades = { '12:01:10': '103', '12:04:10': '105.1' };
const slowFall: Trades = { '12:01:10': '97', '12:04:10': '94.9' };

/** The price comes and goes between two checks, and is back at the check. A kind without a scenario is named below; those on the funding have theirs in perpetuals.test.ts. */
const scenarios: Readonly<Record<PriceConditionName, Scenario>> = {
  above: {
    asks: ['>=', '105'],
    met: spike,
    touched: 'touched 106 at 12:02 UTC, now 100',
    notMet: { '12:02:10': '104.9' },
  },
  below: {
    asks: ['ниже', '95'],
    met: dip,
    touched: 'touched 94 at 12:02 UTC, now 100',
    notMet: { '12:02:10': '95.1' },
  },
  crosses: {
    asks: ['crosses', '95'],
    met: dip,
    touched: 'touched 94 at 12:02 UTC, now 100',
    notMet: { '12:02:10': '95.1' },
  },
  'crosses up': {
    asks: ['crosses up', '105'],
    met: spike,
    touched: 'touched 106 at 12:02 UTC, now 100',
    notMet: { '12:02:10': '104' },
  },
  'crosses down': {
    asks: ['пересекает вниз', '95'],
    met: dip,
    touched: 'touched 94 at 12:02 UTC, now 100',
    notMet: { '12:02:10': '106' },
  },
  inside: {
    asks: ['inside', '105.5..107'],
    met: spike,
    touched: 'touched 106 at 12:02 UTC, now 100',
    notMet: { '12:02:10': '105.4' },
  },
  outside: {
    asks: ['вне', '95 - 105'],
    met: dip,
    touched: 'touched 94 at 12:02 UTC, now 100',
    notMet: { '12:02:10': '95' },
  },
  enters: {
    asks: ['enters', '105..107'],
    met: spike,
    touched: 'touched 106 at 12:02 UTC, now 100',
    notMet: { '12:02:10': '108' },
  },
  leaves: {
    asks: ['выходит', '95..105'],
    met: dip,
    touched: 'touched 94 at 12:02 UTC, now 100',
    notMet: { '12:02:10': '95' },
  },
  rises: {
    asks: ['rises', '5% in 2m'],
    met: spike,
    touched: 'touched 106 at 12:02 UTC, 6 % above 100 at 12:01 UTC, now 100',
    notMet: slowRise,
  },
  falls: {
    asks: ['падает', '5% in 2m'],
    met: dip,
    touched: 'touched 94 at 12:02 UTC, 6 % below 100 at 12:01 UTC, now 100',
    notMet: slowFall,
  },
  moves: {
    asks: ['moves', '6 in 2m'],
    met: dip,
    touched: 'touched 94 at 12:02 UTC, 6 % below 100 at 12:01 UTC, now 100',
    notMet: slowFall,
  },
  'falls from high': {
    asks: ['откат', '5 %'],
    met: { '12:01:10': '110', '12:02:10': '104.5', '12:03:10': '108' },
    touched: 'touched 104.5 at 12:02 UTC, 5 % below 110 at 12:01 UTC, now 108',
    notMet: { '12:01:10': '105', '12:02:10': '100' },
  },
  'rises from low': {
    asks: ['rises from low', '5%'],
    met: { '12:01:10': '80', '12:02:10': '84', '12:03:10': '82' },
    touched: 'touched 84 at 12:02 UTC, 5 % above 80 at 12:01 UTC, now 82',
    notMet: { '12:01:10': '96', '12:02:10': '100' },
  },
};

const shown = priceConditionNames.map((name) => ({ name, ...scenarios[name] }));

test('every kind of the registry has a scenario, in its own words', () => {
  expect(Object.keys(scenarios)).toEqual(priceConditionNames);
  expect(shown.map(({ asks }) => findConditionName(asks[0]))).toEqual(priceConditionNames);
});

const plain = (text: string): string => text.replace(/(\.\d*?)0+(?=\D|$)/g, '$1').replace(/\.(?=\D|$)/g, '');

describe.each(exchangeNames)('on %s', (exchange) => {
  test('each kind fires once where it is met between two checks, and stays silent where it is not', async () => {
    const before: Trades = { '11:40:00': '100', '11:59:00': '100' };
    const markets = new Map<string, { symbol: string; trades: Trades }>();
    /** The market on which these trades take place. */
    const marketOf = (trades: Trades): string => {
      const key = JSON.stringify(trades);
      const symbol = exchanges[exchange].toExchangeSymbol(`MARKET${markets.size}-USDT`, true) ?? '';
      const market = markets.get(key) ?? { symbol, trades };
      markets.set(key, market);
      return market.symbol;
    };
    // Of one user more than five would come as one message.
    const users = ['dmitry', 'anna', 'default'];
    const rows = shown.flatMap(({ name, asks, met, notMet }, index) =>
      [met, notMet].map((trades, place) => {
        const named = `${place === 0 ? 'met' : 'not met'} ${name}`;
        return [marketOf(trades), ...asks, users[index % users.length], exchange, '', named];
      }),
    );
    const { market } = world.simulators;
    const path = (trades: Trades) => Object.entries(trades).map(([time, price]) => ({ at: at(time), price }));
    for (const { symbol } of markets.values()) {
      market.list(exchange, symbol, { price: '100' });
      market.move(exchange, symbol, path(before));
    }
    world.rows(...rows);
    expect((await world.check()).sheet.rowErrors).toEqual([]);
    for (const { symbol, trades } of markets.values()) {
      market.move(exchange, symbol, path({ ...(trades['12:01:10'] ? {} : { '12:01:00': '100' }), ...trades }));
    }
    expect((await world.checkAt('12:05:20')).problems).toEqual([]);
    const { silent } = await world.checkAt('12:10:20', world.handler());
    expect(silent).toEqual({ 'not-touched': shown.length });
    const told = received(world).map(({ title, text }) => [
      title.replace(/: .*/, ''),
      plain(text.split('\n')[0] ?? ''),
    ]);
    const expected = shown.map(({ name, touched }) => [`met ${name}`, touched]);
    expect(told.toSorted()).toEqual(expected.toSorted());
  });

  test('a trail reaches over an outage, whose whole gap is read', async () => {
    list(exchange);
    await armed(exchange, 'falls from high', '5%');
    trade(exchange, { '12:07:10': '120', '12:08:10': '117', '12:21:10': '113', '12:22:10': '119' });
    const { traffic } = world.simulators;
    const isExchange = (name: string) => name.startsWith(exchange);
    const down = Object.entries(traffic).flatMap(([name, each]) => (isExchange(name) ? [each] : []));
    for (const each of down) each.fault = () => ({ outcome: { status: 503, body: 'busy' } });
    for (const time of ['12:10:20', '12:15:20'])
      await expect(world.checkAt(time)).rejects.toThrow('no alert could be checked');
    for (const each of down) each.fault = () => undefined;
    expect(await toldBy('12:25:20', world.handler())).toEqual([
      'touched 113 at 12:21 UTC, 5.83 % below 120 at 12:07 UTC, now 119',
    ]);
  });
});

describe('a trail', () => {
  beforeEach(async () => {
    list('binance');
  });

  test('has the high of a stretch that was ruled out for all others', async () => {
    world.rows(
      ['BTCUSDT', 'above', 500, 'dmitry', 'binance'],
      ['BTCUSDT', 'falls from high', '10%', 'dmitry', 'binance'],
    );
    await world.check();
    // Far from the other's target, and long gone at the next check.
    trade('binance', { '12:02:10': '120', '12:03:10': '110' });
    await world.checkAt('12:05:20');
    trade('binance', { '12:07:10': '108', '12:08:10': '109' });
    expect(await toldBy('12:10:20', world.handler())).toEqual([
      'touched 108 at 12:07 UTC, 10 % below 120 at 12:02 UTC, now 109',
    ]);
  });

  test('has the high of the last minute, which two windows share', async () => {
    await armed('binance', 'falls from high', '10%');
    trade('binance', { '12:04:50': '120', '12:04:55': '115' });
    await world.checkAt('12:05:20');
    trade('binance', { '12:05:40': '130', '12:05:50': '117', '12:06:05': '119' });
    expect(await toldBy('12:06:10')).toEqual(['touched 117 at 12:05 UTC, 10 % below 130 at 12:05 UTC, now 119']);
  });

  test('is checked in every minute as it is in one go', async () => {
    await armed('binance', 'falls from high', '10%');
    trade('binance', { '12:04:50': '120', '12:04:55': '109', '12:09:30': '107.9', '12:09:40': '112' });
    for (const minute of [1, 2, 3, 4, 5, 6, 7, 8, 9]) await world.checkAt(`12:0${minute}:20`, world.handler());
    expect(texts()).toEqual([]);
    expect(await toldBy('12:10:20')).toEqual(['touched 107.9 at 12:09 UTC, 10.08 % below 120 at 12:04 UTC, now 112']);
  });

  test('is written when its high moves, and else not', async () => {
    ask('binance', 'falls from high', '10%');
    const writes = async (time: string) => {
      world.operations.length = 0;
      await world.checkAt(time);
      return world.operations.filter((operation) => operation === 'UpdateItem').length;
    };
    expect(await writes('12:00:00')).toBe(1);
    expect(await writes('12:05:20')).toBe(0);
    trade('binance', { '12:06:10': '105', '12:07:10': '104' });
    expect(await writes('12:10:20')).toBe(1);
    expect(await memoryOf()).toMatchObject({ judged: { facts: { at: at('12:06:00') } } });
    trade('binance', { '12:11:10': '103' });
    expect(await writes('12:15:20')).toBe(0);
  });

  test('is never written for above and below', async () => {
    await armed('binance', 'above', 105);
    trade('binance', { '12:02:10': '104', '12:03:10': '103' });
    await world.checkAt('12:05:20');
    expect(await memoryOf()).toBeUndefined();
  });

  test('begins anew where the row is armed afresh', async () => {
    await armed('binance', 'falls from high', '10%');
    trade('binance', { '12:02:10': '120', '12:03:10': '112' });
    await world.checkAt('12:05:20');
    const row = ['BTCUSDT', 'falls from high', '10%', 'dmitry', 'binance'];
    world.rows([...row, 'FALSE']);
    await world.checkAt('12:06:20');
    world.rows([...row, 'TRUE']);
    trade('binance', { '12:07:00': '105' });
    await world.checkAt('12:07:20');
    await world.checkAt('12:12:20');
    expect(texts()).toEqual([]);
    trade('binance', { '12:13:10': '94', '12:14:10': '104' });
    expect(await toldBy('12:17:20')).toEqual(['touched 94 at 12:13 UTC, 10.47 % below 105 at 12:07 UTC, now 104']);
  });

  test('keeps what an overlapping run has written, and loses nothing of its own', async () => {
    await armed('binance', 'falls from high', '10%');
    trade('binance', { '12:02:10': '120', '12:03:10': '115' });
    world.pass(at('12:05:20') - world.now());
    await Promise.all([world.handler()(), world.handler()()]);
    expect(await memoryOf()).toMatchObject({ judged: { facts: { at: at('12:02:00') } } });
    trade('binance', { '12:07:10': '108', '12:08:10': '112' });
    expect(await toldBy('12:10:20')).toEqual(['touched 108 at 12:07 UTC, 10 % below 120 at 12:02 UTC, now 112']);
  });

  test('that cannot be read is told once; the alert is watched on, and its high begins anew', async () => {
    ask('binance', 'falls from high', '10%');
    await world.check();
    trade('binance', { '12:02:10': '120', '12:03:10': '115' });
    await world.checkAt('12:05:20');
    await damageMemory();
    const { problems, alerts } = await world.checkAt('12:10:20');
    expect(alerts).toMatchObject({ pending: 1 });
    expect(problems).toEqual([
      expect.stringMatching(/^what alert \w+ remembers cannot be read: memory: expected what/),
    ]);
    trade('binance', { '12:12:10': '107', '12:13:10': '103' });
    expect((await world.checkAt('12:15:20')).problems).toEqual([]);
    expect(texts().map(plain)).toEqual(['touched 103 at 12:13 UTC, 10.43 % below 115 at 12:04 UTC, now 103']);
  });

  test('that could not be written is read again', async () => {
    await armed('binance', 'falls from high', '10%');
    trade('binance', { '12:02:10': '120', '12:03:10': '115' });
    const forgetful: AlertStore = {
      ...world.store,
      remember: async () => {
        throw new Error('DynamoDB did not take it');
      },
    };
    expect((await world.checkAt('12:05:20', world.handler({ store: forgetful }))).problems).toEqual([
      'DynamoDB did not take it',
    ]);
    trade('binance', { '12:07:10': '108', '12:08:10': '112' });
    expect(await toldBy('12:10:20')).toEqual(['touched 108 at 12:07 UTC, 10 % below 120 at 12:02 UTC, now 112']);
  });

  test('whose claim failed is told at the next check, in the same words', async () => {
    await armed('binance', 'falls from high', '10%');
    trade('binance', { '12:02:10': '120', '12:03:10': '107', '12:04:10': '119' });
    const busy: AlertStore = {
      ...world.store,
      claim: async () => {
        throw new Error('DynamoDB did not take the claim');
      },
    };
    await world.checkAt('12:05:20', world.handler({ store: busy }));
    expect(texts()).toEqual([]);
    expect(await toldBy('12:10:20')).toEqual(['touched 107 at 12:03 UTC, 10.83 % below 120 at 12:02 UTC, now 119']);
  });
});

describe('a market that is left blank', () => {
  test('is the first that gave a price, for a condition that compares prices', async () => {
    list('binance');
    list('bybit', '150');
    world.rows(['BTCUSDT', 'falls from high', '10%', 'dmitry']);
    await world.check();
    world.simulators.traffic.binance.fault = () => ({ outcome: { status: 503, body: 'busy' } });
    trade('bybit', { '12:02:10': '101', '12:03:10': '150' });
    trade('binance', { '12:02:10': '120', '12:03:10': '107', '12:04:10': '119' });
    expect((await world.checkAt('12:05:20').catch(() => undefined))?.fired ?? []).toEqual([]);
    world.simulators.traffic.binance.fault = () => undefined;
    expect(await toldBy('12:10:20', world.handler())).toEqual([
      'touched 107 at 12:03 UTC, 10.83 % below 120 at 12:02 UTC, now 119',
    ]);
  });
});

describe('a look-back', () => {
  test('compares with what was traded before the alert was armed, and fires at once', async () => {
    list('binance');
    trade('binance', { '11:30:10': '100', '11:40:10': '90', '11:50:10': '99.5' });
    await armed('binance', 'rises', '10% in 1h');
    expect(texts().map(plain)).toEqual(['touched 100 at 12:00 UTC, 11.11 % above 90 at 11:49 UTC, now 100']);
  });

  const klines = () => world.simulators.traffic.binance.requests.filter(({ path }) => path.endsWith('/klines'));

  /** The day's range is as wide as the rows ask for, so that it rules nothing out. */
  test('is read once a market, and by a warm instance only what is new', async () => {
    list('binance');
    trade('binance', { '11:10:10': '100', '11:40:10': '101.9', '11:55:10': '100' });
    world.rows(
      ...[1, 2, 3, 4, 5].map((minutes) => ['BTCUSDT', 'rises', `1.9% in ${30 + minutes}m`, 'dmitry', 'binance']),
      ['BTCUSDT', 'falls', '2% in 40m', 'anna', 'binance'],
    );
    await world.checkAt('12:20:00');
    const spans = () =>
      klines().map(({ query }) =>
        Math.round((world.now() - Number(new URLSearchParams(query).get('startTime'))) / 60_000),
      );
    const first = klines().length;
    trade('binance', { '12:21:00': '100', '12:22:00': '101' });
    await world.checkAt('12:25:00');
    const warm = spans().slice(first);
    expect(warm.length).toBeLessThanOrEqual(1);
    for (const minutes of warm) expect(minutes).toBeLessThanOrEqual(7);
    const before = klines().length;
    const { fired } = await world.checkAt('12:25:00', world.handler());
    expect(fired).toEqual([]);
    for (const minutes of spans().slice(before)) expect(minutes).toBeLessThanOrEqual(47);
    trade('binance', { '12:26:00': '99', '12:31:10': '101', '12:32:10': '100' });
    await world.checkAt('12:35:00');
    expect(texts().map(plain)).toContain('touched 101 at 12:31 UTC, 2.02 % above 99 at 12:30 UTC, now 100');
  });

  test('is ruled out by the day’s range, without a single candle', async () => {
    list('binance');
    trade('binance', { '11:10:10': '99', '11:40:10': '101' });
    await armed('binance', 'moves', '5% in 23h');
    await world.checkAt('12:05:00');
    expect(klines()).toEqual([]);
  });
});

describe('what a minute leaves open', () => {
  /** Within one minute: down, up, and back to where it was, so that its four prices do not tell which came first. */
  const toAndFro = {
    '12:02:10': '100',
    '12:02:20': '94',
    '12:02:40': '106',
    '12:02:50': '100',
  };

  test.each<{ exchange: ExchangeName; told: readonly string[] }>([
    { exchange: 'binance', told: ['touched 106 at 12:02 UTC, 12.76 % above 94 at 12:02 UTC, now 100'] },
    { exchange: 'bybit', told: [] },
    { exchange: 'coinbase', told: [] },
  ])('is asked for by the second on $exchange, where it has them', async ({ exchange, told }) => {
    list(exchange);
    await armed(exchange, 'rises from low', '12');
    trade(exchange, toAndFro);
    expect(await toldBy('12:05:20')).toEqual(told);
  });
});

describe('a percentage that Sheets has made a number of', () => {
  beforeEach(() => list('binance'));

  test('is the percentage that was typed', async () => {
    await armed('binance', 'falls from high', '3.255%');
    expect((await world.store.list()).alerts).toMatchObject([{ condition: { target: { text: '3.255%' } } }]);
  });

  test('is shown as it was typed where it is not enough', async () => {
    ask('binance', 'rises', '5%');
    expect((await world.check()).sheet.rowErrors).toEqual([
      { row: 2, message: 'condition: rises needs "5% in 1h" in the price cell, got "5%"' },
    ]);
  });

  test('costs one read more, and none where no row may have one', async () => {
    const reads = async () => {
      const before = world.simulators.traffic.google.requests.length;
      await world.check();
      const seen = world.simulators.traffic.google.requests.slice(before);
      return seen.filter(({ path }) => path.includes('/values')).length;
    };
    ask('binance', 'above', 105);
    // The first run looks for a tab of users too.
    await world.check();
    expect(await reads()).toBe(1);
    ask('binance', 'falls from high', '3%');
    expect(await reads()).toBe(2);
  });

  test('that cannot be read leaves the sheet for the next run: it might be another alert', async () => {
    await armed('binance', 'falls from high', '3%');
    const { google } = world.simulators.traffic;
    google.fault = ({ query }) =>
      query.includes('=FORMATTED_VALUE') ? { outcome: { status: 400, body: { error: {} } } } : undefined;
    const { sheet, alerts } = await world.checkAt('12:05:20');
    expect([sheet.status, alerts.pending, alerts.expired]).toEqual(['unavailable', 1, 0]);
  });

  test('is asked again where the rows moved between the two reads', async () => {
    await armed('binance', 'falls from high', '3%');
    const { google } = world.simulators.traffic;
    google.fault = ({ query }) =>
      query.includes('=FORMATTED_VALUE')
        ? { outcome: { status: 200, body: { majorDimension: 'ROWS', values: [['price'], ['7%']] } } }
        : undefined;
    expect((await world.checkAt('12:05:20')).sheet).toMatchObject({
      status: 'unavailable',
      message: expect.stringContaining('the sheet was edited while it was read: row 2 holds 0.03 and is shown as 7%'),
    });
  });
});
