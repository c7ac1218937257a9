import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { connectAll } from '../../../src/adapters/exchanges/connect.js';
import type { Get } from '../../../src/adapters/exchanges/exchange.js';
import { exchanges } from '../../../src/adapters/exchanges/registry.js';
import { ok } from '../../../src/domain/result.js';

const symbol = fc.constantFrom('BTCUSDT', 'BTC-USDT', '币安人生USDT', '__proto__', 'constructor');

/** Values as an exchange may send them on its worst day, under the keys that are read. */
const field = fc.oneof(
  fc.constantFrom('95180.10', '0.0', '', '1e5', '-1', 'NaN', 'online', 'delisted'),
  fc.jsonValue(),
);
const entry = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      symbol: fc.oneof(symbol, fc.jsonValue()),
      product_id: fc.oneof(symbol, fc.jsonValue()),
      instId: fc.oneof(symbol, fc.jsonValue()),
      last: field,
      ts: field,
      lastPrice: field,
      price: field,
      highPrice: field,
      lowPrice24h: field,
      lastFundingRate: field,
      fundingRate: field,
      fundingIntervalHour: fc.oneof(fc.constantFrom('8', '0', '-4'), field),
      fundingIntervalHours: fc.oneof(fc.constantFrom(8, 0, -4), field),
      nextFundingTime: fc.oneof(fc.constantFrom<unknown>(1_732_723_200_000, '1732723200000', 0), field),
      contractType: field,
      status: field,
      trading_disabled: field,
    },
    { requiredKeys: [] },
  ),
);
const list = fc.array(entry);
const body = fc.oneof(
  fc.string(),
  fc
    .oneof(
      entry,
      list,
      fc.record({
        retCode: fc.constantFrom<unknown>(0, 10001, '0', null),
        retMsg: field,
        result: fc.oneof(field, fc.record({ list })),
      }),
      fc.record({ products: fc.oneof(field, list) }),
      fc.record({ code: fc.constantFrom<unknown>('0', 0, '51001', null), msg: field, data: fc.oneof(field, list) }),
      fc.record({ code: field, msg: field, message: field }),
    )
    .map((value) => JSON.stringify(value)),
);
const status = fc.constantFrom(200, 200, 200, 204, 400, 403, 404, 418, 429, 451, 500, 503);

describe.each(Object.values(exchanges).map((exchange) => [exchange.name, exchange] as const))(
  '%s',
  (_name, exchange) => {
    test('whatever comes back, every symbol gets a price above zero, a rate with its interval, or a reason', async () => {
      const answers = fc.array(fc.record({ status, text: body }), { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(answers, fc.uniqueArray(symbol, { minLength: 1 }), async (replies, symbols) => {
          let asked = 0;
          const get: Get = async () => {
            const reply = replies[asked % replies.length] ?? { status: 500, text: '' };
            asked += 1;
            return ok({ ...reply, headers: new Headers() });
          };
          for (const source of connectAll(exchange, get, {})) {
            const result = await source.tickers(symbols, 0);
            const tickers = result.ok ? [...result.value] : [];
            if (result.ok) expect(tickers.map(([symbol]) => symbol)).toEqual(symbols);
            for (const [, ticker] of tickers) if (ticker.ok) expect(ticker.value.last.value.gt(0)).toBe(true);
            const funding = await source.funding?.(symbols, 0);
            if (!funding?.ok) continue;
            expect([...funding.value.keys()]).toEqual(symbols);
            for (const rate of funding.value.values()) if (rate.ok) expect(rate.value.intervalHours).toBeGreaterThan(0);
          }
        }),
        { numRuns: 300 },
      );
    });
  },
);
