import { beforeEach, describe, expect, test } from '@jest/globals';
import { binanceFuturesSimulator } from '../../../src/simulators/exchanges/binance-futures.js';
import { bybitSimulator } from '../../../src/simulators/exchanges/bybit.js';
import { createTraffic } from '../../../src/simulators/faults.js';
import { serveSimulator } from '../../../src/simulators/loopback.js';
import { createMarket } from '../../../src/simulators/market.js';
import { at } from '../../support/builders.js';
import { captured, testCaptured } from '../../support/captured.js';
import { oneForAll } from '../../support/lifetime.js';

const clock = { now: at('12:00') };
const market = createMarket(() => clock.now);
const [binanceTraffic, bybitTraffic] = [createTraffic(), createTraffic()];
const binance = oneForAll(() => serveSimulator(binanceFuturesSimulator(market, binanceTraffic), binanceTraffic));
const bybit = oneForAll(() => serveSimulator(bybitSimulator(market, bybitTraffic), bybitTraffic));

beforeEach(() => {
  clock.now = at('12:00');
  for (const exchange of ['binance', 'bybit'] as const) {
    market.contracts[exchange].clear();
    market.list(exchange, 'BTCUSDT.P', { price: '95180.5', high24h: '96000', low24h: '94000' });
    market.setFunding(exchange, 'BTCUSDT.P', '-0.00250000', 4);
    market.list(exchange, 'BTCUSDT_260327.P', { price: '97000', contract: 'dated' });
  }
});

async function ask(server: { readonly url: string }, path: string) {
  const response = await fetch(`${server.url}${path}`);
  return {
    status: response.status,
    weight: response.headers.get('x-mbx-used-weight-1m'),
    body: JSON.parse(await response.text()),
  };
}

let minute = 0;

type Entry = Readonly<Record<string, unknown>>;
const entryOf = (list: readonly Entry[], symbol: string): Entry => list.find((each) => each.symbol === symbol) ?? {};

/** The fields and what they hold: text, number, whatever is in them. */
const shapeOf = (entry: Entry): Entry =>
  Object.fromEntries(
    Object.entries(entry)
      .map(([name, value]) => [name, typeof value])
      .toSorted(([a = ''], [b = '']) => a.localeCompare(b)),
  );

describe('Binance futures', () => {
  test.each<[path: string, symbol: string, fields: Entry]>([
    ['/fapi/v1/premiumIndex', 'BTCUSDT', { lastFundingRate: '-0.00250000', nextFundingTime: at('16:00') }],
    ['/fapi/v1/premiumIndex', 'BTCUSDT_260327', { lastFundingRate: '0.00000000', nextFundingTime: 0 }],
    ['/fapi/v1/fundingInfo', 'BTCUSDT', { fundingIntervalHours: 4 }],
    ['/fapi/v1/ticker/24hr', 'BTCUSDT', { lastPrice: '95180.5', highPrice: '96000', closeTime: at('12:00') }],
    ['/fapi/v2/ticker/price', 'BTCUSDT', { price: '95180.5', time: at('12:00') }],
  ])('%s has %s in a list of all', async (path, symbol, fields) => {
    const { body } = await ask(binance, path);
    expect(entryOf(body, symbol)).toMatchObject(fields);
  });

  test('the usual interval stands in no list, and a contract with an end has none', async () => {
    market.setFunding('binance', 'BTCUSDT.P', '0.0001', 8);
    expect((await ask(binance, '/fapi/v1/fundingInfo')).body).toEqual([]);
  });

  test('the list of contracts tells what they are, whatever symbol is asked for', async () => {
    market.list('binance', 'TSLAUSDT.P', { price: '400', contract: 'tradfi' });
    market.list('binance', 'SRMUSDT.P', { price: '1', contract: 'settling' });
    const { body } = await ask(binance, '/fapi/v1/exchangeInfo?symbol=BTCUSDT');
    const kinds = body.symbols.map(({ symbol, contractType, status }: Entry) => [symbol, contractType, status]);
    expect(kinds).toEqual([
      ['BTCUSDT', 'PERPETUAL', 'TRADING'],
      ['BTCUSDT_260327', 'CURRENT_QUARTER', 'TRADING'],
      ['TSLAUSDT', 'TRADIFI_PERPETUAL', 'TRADING'],
      ['SRMUSDT', 'PERPETUAL', 'SETTLING'],
    ]);
  });

  test('has no candles of a second', async () => {
    expect(await ask(binance, '/fapi/v1/klines?symbol=BTCUSDT&interval=1s')).toMatchObject({
      status: 400,
      body: { code: -1120, msg: 'Invalid interval.' },
    });
  });

  test.each([
    ['/fapi/v1/ticker/24hr', '40'],
    ['/fapi/v1/ticker/24hr?symbol=BTCUSDT', '1'],
    ['/fapi/v1/premiumIndex', '10'],
    ['/fapi/v2/ticker/price', '2'],
    ['/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=99', '1'],
    ['/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1000', '5'],
    ['/fapi/v1/fundingInfo', '0'],
  ])('%s costs %s', async (path, weight) => {
    // Another minute for each, since the weight is that of the minute.
    minute += 1;
    clock.now = at('13:00') + minute * 60_000;
    expect((await ask(binance, path)).weight).toBe(weight);
  });

  testCaptured(
    'entries have the fields of recorded ones',
    ['binance/fapi_premiumIndex_all_2024-11.json', 'binance/fapi_ticker_24hr_few_2021.json'],
    async () => {
      const recorded = (file: string): Entry => shapeOf(JSON.parse(captured(file).text)[0]);
      const own = async (path: string) => shapeOf(entryOf((await ask(binance, path)).body, 'BTCUSDT'));
      expect(await own('/fapi/v1/premiumIndex')).toEqual(recorded('binance/fapi_premiumIndex_all_2024-11.json'));
      expect(await own('/fapi/v1/ticker/24hr')).toEqual(recorded('binance/fapi_ticker_24hr_few_2021.json'));
    },
  );

  testCaptured('an unknown symbol is refused as it was', ['binance/fapi_error_invalid_symbol.json'], async () => {
    const recorded = JSON.parse(captured('binance/fapi_error_invalid_symbol.json').text);
    for (const path of ['/fapi/v1/ticker/24hr', '/fapi/v1/premiumIndex', '/fapi/v1/klines']) {
      const { status, body } = await ask(binance, `${path}?symbol=NOPE`);
      expect([status, body]).toEqual([400, recorded]);
    }
  });
});

describe('Bybit linear', () => {
  const tickers = '/v5/market/tickers?category=linear';

  test('a contract with an end stands in the same list, with empty texts', async () => {
    const { list } = (await ask(bybit, tickers)).body.result;
    expect(entryOf(list, 'BTCUSDT')).toMatchObject({
      ...{ lastPrice: '95180.5', fundingRate: '-0.00250000', fundingIntervalHour: '4' },
      ...{ nextFundingTime: String(at('16:00')), deliveryTime: '0' },
    });
    expect(entryOf(list, 'BTCUSDT_260327')).toMatchObject({
      ...{ fundingRate: '', fundingIntervalHour: '', nextFundingTime: '0' },
    });
  });

  test('candles are those of the contract, and linear is what is meant without a category', async () => {
    market.list('bybit', 'BTCUSDT', { price: '1' });
    for (const query of ['category=linear&', '']) {
      const { body } = await ask(bybit, `/v5/market/kline?${query}symbol=BTCUSDT&interval=1`);
      expect(body.result).toMatchObject({
        category: 'linear',
        list: [[String(at('12:00')), ...Array(4).fill('95180.5'), '1', '95180.5']],
      });
    }
  });

  testCaptured('an entry has every field of a recorded one', ['bybit/doc_v5_tickers_inverse.json'], async () => {
    const [recorded] = JSON.parse(captured('bybit/doc_v5_tickers_inverse.json').text).result.list;
    const own = entryOf((await ask(bybit, tickers)).body.result.list, 'BTCUSDT');
    expect(Object.keys(recorded).filter((name) => !(name in own))).toEqual([]);
  });
});
