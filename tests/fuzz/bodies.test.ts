import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createStoreClient } from '../../src/adapters/dynamodb/client.js';
import { exchanges } from '../../src/adapters/exchanges/registry.js';
import { type ExchangeName, exchangeNames } from '../../src/domain/market.js';
import { NothingChecked } from '../../src/flows/check.js';
import type { Summary } from '../../src/flows/summary.js';
import { exchangeHosts } from '../../src/simulators/exchange-hosts.js';
import type { SimulatorName } from '../../src/simulators/start.js';
import { header } from '../support/builders.js';
import { createWorld, minuteMs, received, type World } from '../support/world.js';
import { anyBody, cell, likelyRow, table } from './arbitraries.js';

let world: World;
let client: ReturnType<typeof createStoreClient>;
beforeAll(async () => {
  world = await createWorld();
  client = createStoreClient();
});
afterAll(async () => {
  client.destroy();
  await world.close();
});

/** The seed of the gate plays the same few each time; `npm run test:explore` draws others, and more of them. */
const numRuns = process.env.FUZZ_SEED === undefined ? 5 : 8;
const goodPrice = '94321.5';
/** Any price above zero fires those of an exchange; the last one is between the day's extremes, so that candles are asked for. */
const rows = [
  ...exchangeNames.map((name, position) => {
    const [condition, target] = position % 2 === 0 ? ['above', '0.00000001'] : ['below', '99999999999'];
    return ['BTC-USDT', condition, target, 'dmitry', name, true, '', '', name] as const;
  }),
  ['BTCUSDT', 'above', 95000, 'dmitry', '', true, '', '', 'anywhere'],
] as const;

beforeEach(() => {
  const { market } = world.simulators;
  const day = { price: goodPrice, high24h: '96000', low24h: '90000' };
  for (const { name, toExchangeSymbol } of Object.values(exchanges)) {
    market.list(name, toExchangeSymbol('BTC-USDT', true) ?? '', day);
  }
});

/** Nothing stored, nothing wrong, nobody told yet. */
async function afresh(): Promise<void> {
  const { alerts } = await world.store.list();
  const ids = ['#checkpoint', ...alerts.map(({ id }) => id)];
  const requests = ids.map((id) => ({ DeleteRequest: { Key: { id } } }));
  for (let at = 0; at < requests.length; at += 25) {
    await client.send(new BatchWriteCommand({ RequestItems: { 'trading-alerts': requests.slice(at, at + 25) } }));
  }
  for (const traffic of Object.values(world.simulators.traffic)) traffic.fault = () => undefined;
  world.simulators.pushover.received.length = 0;
  world.pass(30 * minuteMs);
  world.rows(...rows);
}

const statuses = fc.constantFrom(200, 200, 200, 200, 202, 400, 401, 403, 404);

/** From now on the service answers like this where the path fits. */
function answer(service: SimulatorName, { status, body }: { status: number; body: string }, path = /./): void {
  const outcome = { status, body };
  world.simulators.traffic[service].fault = (request) => (path.test(request.path) ? { outcome } : undefined);
}

/** A run that ends in any other way fails the test. */
async function ended(check: () => Promise<Summary>): Promise<Summary> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof NothingChecked) return error.summary;
    throw error;
  }
}

function expectRealPrices(summary: Summary, body: string): void {
  for (const { price } of summary.fired) {
    expect(price).toMatch(/^\d+(\.\d+)?$/);
    expect(Number(price)).toBeGreaterThan(0);
    expect(price.startsWith(goodPrice) || body.includes(`"${price}"`)).toBe(true);
  }
}

const field = fc.oneof(
  fc.constantFrom<unknown>('95180.10', '0.00000000', '0', '', '1e5', '-1', 'NaN', '95,180', null, 95180.1),
  fc.jsonValue({ maxDepth: 1 }),
);
const symbol = fc.constantFrom('BTCUSDT', 'BTC-USDT', 'ETHUSDT');
const ticker = fc.record(
  {
    ...{ symbol, product_id: symbol, instId: symbol },
    ...{ lastPrice: field, price: field, last: field, highPrice: field, lowPrice24h: field, status: field },
  },
  { requiredKeys: ['symbol', 'product_id', 'instId'] },
);
const tickers = fc.array(ticker, { maxLength: 4 });
const exchangeBody = fc.oneof(
  tickers,
  fc.record({ retCode: fc.constantFrom<unknown>(0, 10006, '0'), result: fc.record({ list: tickers }) }),
  fc.record({ products: tickers }),
  fc.record({ code: fc.constantFrom<unknown>('0', '50011', 0), data: tickers }),
  fc.record({ code: field, msg: field }),
);

describe('any body of', () => {
  test.each<SimulatorName>(exchangeHosts.map(({ name }) => name))(
    '%s ends no run and fires on no price but one it holds as plain text',
    async (service) => {
      await fc.assert(
        fc.asyncProperty(statuses, anyBody(exchangeBody), async (status, body) => {
          await afresh();
          answer(service, { status, body });
          const summary = await ended(world.handler());
          expectRealPrices(summary, body);
          expect(summary.problems).toEqual([]);
          // What the others say counts all the same.
          expect(summary.fired.filter(({ outcome }) => outcome === 'accepted').length).toBeGreaterThanOrEqual(2);
        }),
        { numRuns },
      );
    },
  );

  test.each([
    { service: 'binance', path: /klines/ },
    { service: 'bybit', path: /kline/ },
    { service: 'coinbaseExchange', path: /candles/ },
    { service: 'okx', path: /candles/ },
  ] as const)('the candles of $service ends no run and fires on no candle that cannot be read', async (where) => {
    const { service, path } = where;
    const time = fc.oneof(
      fc.integer({ min: 0, max: 10 }).map((minutes) => world.now() - minutes * minuteMs),
      field,
    );
    const candle = fc.tuple(time, field, field, field, field, field);
    const list = fc.array(candle, { maxLength: 4 });
    const body = anyBody(
      fc.oneof(
        list,
        fc.record({ retCode: fc.constant(0), result: fc.record({ list }) }),
        fc.record({ code: fc.constant('0'), data: list }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(statuses, body, async (status, text) => {
        await afresh();
        world.rows(['BTCUSDT', 'above', 95000, 'dmitry', service.replace('Exchange', '')]);
        const check = world.handler();
        await check();
        world.pass(5 * minuteMs);
        answer(service, { status, body: text }, path);
        const summary = await ended(check);
        expectRealPrices(summary, text);
        for (const { price } of summary.fired) expect(Number(price)).toBeGreaterThanOrEqual(95000);
      }),
      { numRuns },
    );
  });

  test('Pushover is an acceptance only with status 1, and what was not accepted is sent again', async () => {
    const body = anyBody(
      fc.record({ status: fc.constantFrom<unknown>(1, 0, '1', true, null), errors: fc.oneof(field, fc.array(field)) }),
    );
    const bodies = ['{"status":1}', '{"status":0}', '{"status":"1"}', '{"status":true}', '1', '[1]'];
    const status = fc.constantFrom(200, 200, 200, 201, 302, 400, 401, 413, 429, 500, 503);
    await fc.assert(
      fc.asyncProperty(status, body, async (code, text) => {
        await afresh();
        world.rows(['BTCUSDT', 'above', 1, 'dmitry']);
        answer('pushover', { status: code, body: text });
        const check = world.handler();
        const [fired] = (await ended(check)).fired;
        const isAccepted = code === 200 && statusOf(text) === 1;
        expect(fired?.outcome === 'accepted').toBe(isAccepted);
        world.simulators.traffic.pushover.fault = () => undefined;
        world.pass(24 * 60 * minuteMs);
        const again = await ended(check);
        expect(again.fired.map(({ outcome }) => outcome)).toEqual(isAccepted ? [] : ['accepted']);
        expect(received(world)).toHaveLength(isAccepted ? 0 : 1);
      }),
      { numRuns: 2 * numRuns, examples: bodies.map((text) => [200, text]) },
    );
  });

  test('the sheet leaves the stored alerts checked, and is told as read, refused or unavailable', async () => {
    const values = fc.oneof(
      table,
      fc.array(likelyRow).map((below) => [header, ...below]),
      fc.array(fc.array(cell)),
    );
    const body = anyBody(fc.record({ range: fc.string(), majorDimension: fc.constantFrom('ROWS', 'COLUMNS'), values }));
    await fc.assert(
      fc.asyncProperty(statuses, body, async (status, text) => {
        await afresh();
        const check = world.handler();
        world.simulators.market.setPrice('binance', 'BTCUSDT', goodPrice);
        await check();
        world.simulators.market.setPrice('binance', 'BTCUSDT', '95180');
        answer('google', { status, body: text }, /values/);
        const summary = await ended(check);
        expect(['ok', 'refused', 'unavailable']).toContain(summary.sheet.status);
        if (summary.sheet.status !== 'ok')
          expect(summary.fired).toMatchObject([{ alertId: 'anywhere', outcome: 'accepted' }]);
        world.simulators.market.setPrice('binance', 'BTCUSDT', goodPrice);
      }),
      { numRuns },
    );
  });

  test('the token service or Secrets Manager costs the sheet at most', async () => {
    const grant = fc.record(
      { access_token: field, expires_in: field, error: field, error_description: field },
      { requiredKeys: [] },
    );
    const secret = fc.record({ pushover_api_token: field, pushover_users: field, google_service_account: field });
    const kept = fc.record({
      SecretString: fc.oneof(fc.string(), anyBody(secret)),
      __type: fc.constantFrom('InvalidRequestException', 'InternalServiceError'),
    });
    await fc.assert(
      fc.asyncProperty(statuses, anyBody(grant), anyBody(kept), fc.boolean(), async (status, token, text, isToken) => {
        await afresh();
        world.simulators.google.tokens.clear();
        if (isToken) answer('google', { status, body: token }, /token/);
        else answer('secretsManager', { status, body: text });
        const summary = await ended(world.handler());
        expect(['ok', 'unavailable']).toContain(summary.sheet.status);
        expect(summary.problems).toEqual([]);
      }),
      { numRuns: 2 * numRuns },
    );
  });
});

const noPrices = [
  ...['1e5', '0', '0.000', '-1', '', ' 5', '5,1', '0x10', 'NaN', 'Infinity', '٣'],
  ...[5, null, true, ['5'], { value: '5' }],
];

/** The exchange's own list, with something else in place of every price. */
const listOf: Readonly<Record<string, (entries: { symbol: string; price: unknown }[]) => unknown>> = {
  binance: (entries) =>
    entries.map(({ symbol, price }) => ({ symbol, price, lastPrice: price, highPrice: price, lowPrice: price })),
  bybit: (entries) => ({
    retCode: 0,
    result: {
      category: 'spot',
      list: entries.map(({ symbol, price: each }) => {
        return { symbol, lastPrice: each, highPrice24h: each, lowPrice24h: each };
      }),
    },
  }),
  coinbase: (entries) => ({
    products: entries.map(({ symbol, price }) => ({ product_id: symbol, price, status: 'online' })),
  }),
  okx: (entries) => ({
    code: '0',
    data: entries.map(({ symbol, price: each }) => ({ instId: symbol, last: each, high24h: each, low24h: each })),
  }),
};

test.each(Object.keys(listOf))(
  'what is no plain decimal above zero is no price of %s and fires nothing',
  async (name) => {
    await afresh();
    const entries = noPrices.map((price, index) => ({
      symbol: exchanges[name as ExchangeName].toExchangeSymbol(`BAD${index}-USDT`, true) ?? '',
      price,
    }));
    world.rows(
      ...entries.flatMap(({ symbol }) => [
        [symbol, 'above', '0.00000001', 'dmitry', name],
        [symbol, 'below', '99999999999', 'dmitry', name],
      ]),
    );
    answer(name as SimulatorName, { status: 200, body: JSON.stringify(listOf[name]?.(entries)) });
    const summary = await ended(world.handler());
    expect(summary.fired).toEqual([]);
    expect(summary.silent).toEqual({ 'no-price': 2 * noPrices.length });
    expect(summary.markets.failed).toHaveLength(noPrices.length);
  },
);

function statusOf(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'status' in body ? body.status : undefined;
  } catch {
    return undefined;
  }
}

test('any rows, checked twice, write nothing but the checkpoint and the summary the second time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(likelyRow, { maxLength: 8 }), async (below) => {
      await afresh();
      world.rows(...below);
      const check = world.handler();
      await check();
      world.operations.length = 0;
      world.pass(minuteMs);
      await check();
      expect(world.operations.filter((operation) => !/^(Query|GetItem)$/.test(operation))).toEqual([
        'PutItem',
        'PutItem',
      ]);
    }),
    { numRuns },
  );
});
