import { describe, expect } from '@jest/globals';
import type { Exchange } from '../../../src/adapters/exchanges/exchange.js';
import { exchanges } from '../../../src/adapters/exchanges/registry.js';
import type { FundingRate } from '../../../src/domain/funding.js';
import { ok, type Result } from '../../../src/domain/result.js';
import { dayMs } from '../../../src/domain/time.js';
import type { PriceError, PriceSource, Ticker } from '../../../src/flows/ports/price-source.js';
import { captured, testCaptured } from '../../support/captured.js';
import { serveExchange } from '../../support/exchange-server.js';
import { recordedPerpetuals as files } from '../../support/recorded-perpetuals.js';

const { binance, bybit, okx } = exchanges;
const day = '/fapi/v1/ticker/24hr';
const contracts = '/fapi/v1/exchangeInfo';
const rates = '/fapi/v1/premiumIndex';
const intervals = '/fapi/v1/fundingInfo';
const linear = '/v5/market/tickers';

type Recorded = Readonly<Record<string, string | object>>;

const bodyOf = (file: string) => JSON.parse(captured(file).text);

/** By path: a recorded answer's file, or what has its shape. */
async function asking<Given>(
  exchange: Exchange,
  given: Recorded,
  ask: (source: PriceSource) => Promise<Given>,
): Promise<Given> {
  const answers = Object.entries(given).map(([path, from]) => {
    const { status = 200, text = JSON.stringify(from) } = typeof from === 'string' ? captured(from) : {};
    return [path, { status, body: text }];
  });
  const server = await serveExchange(exchange, Object.fromEntries(answers), { kind: 'perpetual' });
  try {
    return await ask(server);
  } finally {
    await server.close();
  }
}

const shown = (each: Result<Ticker | FundingRate, PriceError>): string => {
  if (!each.ok) return each.error.kind === 'unknown-symbol' ? (each.error.meant ?? 'unknown') : each.error.kind;
  return 'last' in each.value ? each.value.last.text : `${each.value.rate.text} per ${each.value.intervalHours} h`;
};
const shownAll = (result: Result<ReadonlyMap<string, Result<Ticker | FundingRate, PriceError>>, PriceError>) =>
  result.ok ? Object.fromEntries([...result.value].map(([symbol, each]) => [symbol, shown(each)])) : result.error.kind;

const prices = (exchange: Exchange, given: Recorded, symbols: readonly string[], now = 0) =>
  asking(exchange, given, async (source) => shownAll(await source.tickers(symbols, now)));
const funding = (exchange: Exchange, given: Recorded, symbols: readonly string[] | 'all', now = 0) =>
  asking(exchange, given, async (source) => shownAll((await source.funding?.(symbols, now)) ?? ok(new Map())));

interface DayEntry {
  readonly symbol: string;
  readonly lastPrice: string;
  readonly closeTime: string | number;
}

describe('recorded perpetuals of Binance', () => {
  testCaptured('prices of a day are read with their digits', [files.day], async () => {
    const entries: DayEntry[] = bodyOf(files.day);
    const now = Math.max(...entries.map(({ closeTime }) => Number(closeTime)));
    const symbols = entries.map(({ symbol }) => symbol);
    expect(await prices(binance, { [day]: files.day }, symbols, now)).toEqual(
      Object.fromEntries(entries.map(({ symbol, lastPrice }) => [symbol, lastPrice])),
    );
  });

  testCaptured('of all, the seven that were not traded for a day have no price', [files.everyDay], async () => {
    const entries: DayEntry[] = bodyOf(files.everyDay);
    const now = Math.max(...entries.map(({ closeTime }) => Number(closeTime)));
    const symbols = entries.map(({ symbol }) => symbol);
    const found = await prices(binance, { [day]: files.everyDay }, symbols, now);
    const dead = ['BTSUSDT', 'FTTBUSD', 'FTTUSDT', 'RAYUSDT', 'SCUSDT', 'SRMUSDT', 'TLMUSDT'];
    expect(found).toEqual(
      Object.fromEntries(
        entries.map(({ symbol, lastPrice }) => [symbol, dead.includes(symbol) ? 'no-price' : lastPrice]),
      ),
    );
  });

  testCaptured('what is listed by the thousand is named: SHIBUSDT', [files.everyDay], async () => {
    const found = await prices(binance, { [day]: files.everyDay }, ['SHIBUSDT', 'NOPEUSDT']);
    expect(found).toEqual({ SHIBUSDT: '1000SHIBUSDT.P', NOPEUSDT: 'unknown' });
  });

  testCaptured(
    'a dated contract and one that is not traded yet are told by their fields',
    [files.contracts],
    async () => {
      const { symbols: listed } = bodyOf(files.contracts) as { symbols: { symbol: string }[] };
      const list = listed.map(({ symbol }) => ({ symbol, lastPrice: '1.50' }));
      const symbols = list.map(({ symbol }) => symbol);
      expect(await prices(binance, { [day]: list, [contracts]: files.contracts }, symbols)).toEqual({
        BTCUSDT: '1.50',
        DEFIUSDT: '1.50',
        BTCSTUSDT: 'no-price',
        '1000SHIBUSDT': '1.50',
        BTCUSDT_210924: 'no-price',
        ETHUSDT_210924: 'no-price',
      });
    },
  );

  testCaptured('plain perpetuals are none of these', [files.plainContracts], async () => {
    const { symbols: listed } = bodyOf(files.plainContracts) as { symbols: { symbol: string }[] };
    const list = listed.map(({ symbol }) => ({ symbol, lastPrice: '1.50' }));
    const symbols = list.map(({ symbol }) => symbol);
    const found = await prices(binance, { [day]: list, [contracts]: files.plainContracts }, symbols);
    expect(found).toEqual(Object.fromEntries(symbols.map((symbol) => [symbol, '1.50'])));
    expect(symbols).toHaveLength(25);
  });

  testCaptured(
    'of all rates every digit is kept: a zero is a rate, a dated contract has none',
    [files.everyRate, files.intervals],
    async () => {
      const entries: { symbol: string; lastFundingRate: string }[] = bodyOf(files.everyRate);
      const hours = new Map(
        (bodyOf(files.intervals) as { symbol: string; fundingIntervalHours: number }[]).map(
          ({ symbol, fundingIntervalHours }) => [symbol, fundingIntervalHours],
        ),
      );
      const now = Date.UTC(2024, 10, 27, 13, 54);
      const given = { [rates]: files.everyRate, [intervals]: files.intervals };
      const dated = ['ETHUSDT_250328', 'BTCUSDT_250328', 'ETHUSDT_241227', 'BTCUSDT_241227'];
      const expected = Object.fromEntries(
        entries.map(({ symbol, lastFundingRate }) => [symbol, `${lastFundingRate} per ${hours.get(symbol) ?? 8} h`]),
      );
      const asked = entries.map(({ symbol }) => symbol);
      const found = await funding(binance, given, [...asked, 'PEPEUSDT'], now);
      const noRates = Object.fromEntries(dated.map((symbol) => [symbol, 'no-rate']));
      expect(found).toEqual({ ...expected, ...noRates, PEPEUSDT: '1000PEPEUSDT.P' });
      expect(found).toMatchObject({ BNBBTC: '0.00000000 per 8 h', ETHBTC: '0.00000000 per 8 h' });
      const all = await funding(binance, given, 'all', now);
      expect([asked.length, Object.keys(all).length]).toEqual([379, 375]);
      expect(Object.values(expected).filter((text) => text.endsWith('per 4 h'))).not.toEqual([]);
    },
  );

  testCaptured('an empty rate is none, a negative one is one', [files.coinRates], async () => {
    const symbols = ['LINKUSD_231229', 'DOTUSD_230929', 'FILUSD_PERP', 'XRPUSD_231229', 'XTZUSD_PERP'];
    expect(await funding(binance, { [rates]: files.coinRates, [intervals]: [] }, symbols)).toEqual({
      LINKUSD_231229: 'no-rate',
      DOTUSD_230929: 'no-rate',
      FILUSD_PERP: '0.00004207 per 8 h',
      XRPUSD_231229: 'no-rate',
      XTZUSD_PERP: '-0.00026801 per 8 h',
    });
  });

  testCaptured('rates of years ago settle no more', [files.fewRates], async () => {
    const given = { [rates]: files.fewRates, [intervals]: [] };
    const askedThen = Date.UTC(2020, 9, 16, 4);
    expect(await funding(binance, given, ['EOSUSDT'], askedThen)).toEqual({ EOSUSDT: '0.00010000 per 8 h' });
    expect(await funding(binance, given, ['EOSUSDT'], Date.UTC(2026, 10, 20))).toEqual({ EOSUSDT: 'no-rate' });
  });

  for (const file of [files.rateHistory, files.oneRateOfHistory, files.openInterest, files.oneRate]) {
    testCaptured(`${file} is no list of rates`, [file], async () => {
      const found = await funding(binance, { [rates]: file, [intervals]: [] }, ['BTCUSDT']);
      expect(typeof found === 'string' ? found : found.BTCUSDT).toBe('bad-response');
    });
  }

  testCaptured('without the intervals there is no rate', [files.everyRate, files.unknown], async () => {
    const given = { [rates]: files.everyRate, [intervals]: files.unknown };
    expect(await funding(binance, given, ['BTCUSDT'])).toBe('bad-response');
  });

  testCaptured('candles, and the refusal of an unknown symbol', [files.klines, files.unknown], async () => {
    const list: [openAt: number, open: string, high: string, low: string, close: string][] = bodyOf(files.klines);
    const from = Math.min(...list.map(([openAt]) => openAt));
    const request = { from, to: from + list.length * dayMs, spanMs: dayMs };
    const candlesBy = (file: string) =>
      asking(binance, { '/fapi/v1/klines': file }, (source) => source.candles('BTCUSDT', request));
    const candles = await candlesBy(files.klines);
    expect(candles.ok && candles.value.map(({ openAt, high, low }) => [openAt, high.text, low.text])).toEqual(
      list.map(([openAt, , high, low]) => [openAt, high, low]),
    );
    expect(await candlesBy(files.unknown)).toEqual({ ok: false, error: { kind: 'unknown-symbol' } });
  });
});

describe('recorded perpetuals of Bybit', () => {
  testCaptured('a ticker has the rate and its interval', [files.inverse], async () => {
    const now = Date.UTC(2025, 9, 13, 12);
    expect(await prices(bybit, { [linear]: files.inverse }, ['BTCUSD'], now)).toEqual({ BTCUSD: '120635.50' });
    expect(await funding(bybit, { [linear]: files.inverse }, ['BTCUSD'], now)).toEqual({ BTCUSD: '0.0001 per 8 h' });
  });

  testCaptured('what has no rate in its entry has none', [files.bybitHistory, files.bybitContracts], async () => {
    expect(await funding(bybit, { [linear]: files.bybitHistory }, ['BTCUSDT'])).toEqual({ BTCUSDT: 'no-rate' });
    const symbols = ['1000BONKPERP', 'BTC-26DEC25', 'BONKPERP'];
    const given = { [linear]: files.bybitContracts };
    const none = { '1000BONKPERP': 'no-rate', 'BTC-26DEC25': 'no-rate', BONKPERP: '1000BONKPERP.P' };
    expect(await funding(bybit, given, symbols)).toEqual(none);
    // Of a contract with an end the fields of its funding are empty.
    expect(await prices(bybit, given, ['BTC-26DEC25', 'BTCPERP'])).toEqual({
      'BTC-26DEC25': 'no-price',
      BTCPERP: 'no-price',
    });
  });

  testCaptured('a refusal and an empty list', [files.bybitUnknown, files.emptyList], async () => {
    const request = { from: 0, to: dayMs, spanMs: dayMs };
    const candles = await asking(bybit, { '/v5/market/kline': files.bybitUnknown }, (source) =>
      source.candles('NOTACOINUSDT', request),
    );
    expect(candles).toEqual({ ok: false, error: { kind: 'unknown-symbol' } });
    expect(await funding(bybit, { [linear]: files.bybitUnknown }, ['BTCUSDT'])).toBe('bad-response');
    expect(await prices(bybit, { [linear]: files.emptyList }, ['BTCUSDT'])).toBe('bad-response');
  });
});

describe('recorded perpetuals of OKX', () => {
  const list = '/api/v5/public/funding-rate';
  const btc = 'BTC-USDT-SWAP';
  const instant = Date.UTC(2026, 7, 1, 1, 36);

  testCaptured('a ticker and one of the stream are read alike', [files.okxTicker, files.okxStreamed], async () => {
    for (const [file, last] of [
      [files.okxTicker, '67838.6'],
      [files.okxStreamed, '83766.8'],
    ] as const) {
      const whole = { '/api/v5/market/tickers': { code: '0', msg: '', data: bodyOf(file).data } };
      expect(await prices(okx, whole, [btc, 'PEPE-USDT-SWAP'])).toEqual({ [btc]: last, 'PEPE-USDT-SWAP': 'unknown' });
    }
  });

  testCaptured('the time to the settlement after the next is the interval', [files.okxRates], async () => {
    const rates = {
      [btc]: '0.0000616430459607 per 8 h',
      'SOPH-USDT-SWAP': '-0.0012630077877366 per 4 h',
      'TRB-USDT-SWAP': '-0.0031 per 4 h',
    };
    expect(await funding(okx, { [list]: files.okxRates }, 'all', instant)).toEqual(rates);
    expect(await funding(okx, { [list]: files.okxRates }, Object.keys(rates), instant)).toEqual(rates);
  });

  testCaptured('the settlement to come is at fundingTime', [files.okxRate], async () => {
    const ask = async (source: PriceSource) => source.funding?.([btc], instant);
    const result = await asking(okx, { [list]: files.okxRate }, ask);
    const rate = result?.ok ? result.value.get(btc) : undefined;
    expect(rate?.ok && new Date(rate.value.nextAt).toISOString()).toBe('2026-08-01T08:00:00.000Z');
  });

  testCaptured('an older form is read, and settles no more', [files.okxDocumentedRate], async () => {
    const given = { [list]: files.okxDocumentedRate };
    const then = Date.UTC(2025, 3, 2, 10);
    expect(await funding(okx, given, [btc], then)).toEqual({ [btc]: '0.0000182221218054 per 8 h' });
    expect(await funding(okx, given, [btc], instant)).toEqual({ [btc]: 'no-rate' });
  });

  testCaptured('a settled rate has no interval, and is none to come', [files.okxHistory], async () => {
    expect(await funding(okx, { [list]: files.okxHistory }, [btc])).toEqual({ [btc]: 'no-rate' });
  });

  testCaptured('a refusal under HTTP 200', [files.okxUnknown], async () => {
    expect(await funding(okx, { [list]: files.okxUnknown }, 'all')).toBe('bad-response');
    const request = { from: 0, to: dayMs, spanMs: dayMs };
    const candles = await asking(okx, { '/api/v5/market/candles': files.okxUnknown }, (source) =>
      source.candles('NOTACOIN-USDT-SWAP', request),
    );
    expect(candles).toEqual({ ok: false, error: { kind: 'unknown-symbol' } });
  });
});
