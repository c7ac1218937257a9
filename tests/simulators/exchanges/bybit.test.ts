import { beforeEach, describe, expect, test } from '@jest/globals';
import { at } from '../../support/builders.js';
import { captured, testCaptured } from '../../support/captured.js';
import { useExchange } from './stage.js';

const { clock, market, ask: asking } = useExchange('bybit');
const ask = asking('BYBIT_BASE_URL');
beforeEach(() => {
  market.list('bybit', 'BTCUSDT', { price: '95180.5', high24h: '96000', low24h: '94000' });
  market.list('bybit', 'SOLUSDT', { price: '250' });
});

const btc = {
  symbol: 'BTCUSDT',
  bid1Price: '95180.5',
  bid1Size: '1',
  ask1Price: '95180.5',
  ask1Size: '1',
  lastPrice: '95180.5',
  prevPrice24h: '95180.5',
  price24hPcnt: '0.0000',
  highPrice24h: '96000',
  lowPrice24h: '94000',
  turnover24h: '95180.5',
  volume24h: '1',
  usdIndexPrice: '95180.5',
};
const refused = (retMsg: string) => ({
  status: 200,
  body: { retCode: 10001, retMsg, result: {}, retExtInfo: {}, time: at('12:00') },
});

describe('tickers', () => {
  test('one symbol', async () => {
    expect(await ask('/v5/market/tickers?category=spot&symbol=BTCUSDT')).toEqual({
      status: 200,
      body: {
        retCode: 0,
        retMsg: 'OK',
        result: { category: 'spot', list: [btc] },
        retExtInfo: {},
        time: at('12:00'),
      },
    });
  });

  test('all of the category, without those that were delisted', async () => {
    market.list('bybit', 'GONEUSDT', { price: '1' });
    market.delist('bybit', 'GONEUSDT');
    const { body } = await ask('/v5/market/tickers?category=spot');
    expect(body.result.list.map(({ symbol }: { symbol: string }) => symbol)).toEqual(['BTCUSDT', 'SOLUSDT']);
  });

  test('what is absent is the empty text', async () => {
    market.list('bybit', 'NEWUSDT', {});
    const { body } = await ask('/v5/market/tickers?category=spot&symbol=NEWUSDT');
    expect(body.result.list[0]).toMatchObject({ lastPrice: '', highPrice24h: '', lowPrice24h: '' });
  });

  test('an unknown symbol is an error with HTTP 200', async () => {
    expect(await ask('/v5/market/tickers?category=spot&symbol=NOPE')).toEqual(refused('Not supported symbols'));
    expect(await ask('/v5/market/tickers')).toEqual(refused('Illegal category'));
  });

  const tickers = 'bybit/doc_v5_tickers_spot.json';
  const notSupported = 'bybit/error_10001_not_supported_symbols.json';

  testCaptured('have the fields of the real ones', [tickers], () => {
    const recorded = JSON.parse(captured(tickers).text);
    expect(Object.keys(recorded.result.list[0]).sort()).toEqual(Object.keys(btc).sort());
  });

  testCaptured('are refused in the words of the real ones', [notSupported], () => {
    const recorded = JSON.parse(captured(notSupported).text);
    expect(refused(recorded.retMsg).body).toEqual({ ...recorded, time: at('12:00') });
  });
});

describe('kline', () => {
  const startTimes = async (query: string): Promise<string[]> => {
    const { body } = await ask(`/v5/market/kline?category=spot&symbol=BTCUSDT&${query}`);
    return body.result.list.map(([start]: [string]) => new Date(Number(start)).toISOString().slice(11, 16));
  };

  test('is newest first, in text', async () => {
    clock.now = at('12:01:30');
    market.setPrice('bybit', 'BTCUSDT', '95200');
    const { body } = await ask('/v5/market/kline?category=spot&symbol=BTCUSDT&interval=1');
    expect(body).toEqual({
      retCode: 0,
      retMsg: 'OK',
      result: {
        category: 'spot',
        symbol: 'BTCUSDT',
        list: [
          [String(at('12:01')), '95200', '95200', '95200', '95200', '1', '95200'],
          [String(at('12:00')), '95180.5', '95180.5', '95180.5', '95180.5', '1', '95180.5'],
        ],
      },
      retExtInfo: {},
      time: at('12:01:30'),
    });
  });

  test('begins at start, or ends at end or now', async () => {
    clock.now = at('20:00');
    expect(await startTimes(`interval=1&start=${at('12:03')}&limit=2`)).toEqual(['12:04', '12:03']);
    expect(await startTimes(`interval=1&start=${at('12:03')}&end=${at('12:09')}&limit=2`)).toEqual(['12:09', '12:08']);
    expect(await startTimes('interval=60&limit=2')).toEqual(['20:00', '19:00']);
    expect(await startTimes('interval=15&limit=2')).toEqual(['20:00', '19:45']);
    expect(await startTimes('interval=5&limit=2')).toEqual(['20:00', '19:55']);
  });

  test('is 200 long without a limit and never longer than 1000', async () => {
    clock.now = at('23:59');
    market.list('bybit', 'BTCUSDT', {});
    market.move('bybit', 'BTCUSDT', [{ at: at('00:00'), price: '1' }]);
    expect(await startTimes('interval=1')).toHaveLength(200);
    expect(await startTimes('interval=1&limit=5000')).toHaveLength(1000);
  });

  test('an unknown symbol or interval is an error with HTTP 200', async () => {
    expect(await ask('/v5/market/kline?category=spot&symbol=NOPE&interval=1')).toEqual(
      refused('Not supported symbols'),
    );
    expect(await ask('/v5/market/kline?category=spot&symbol=BTCUSDT&interval=7')).toEqual(refused('Invalid period!'));
  });
});

test('the time is that of the clock', async () => {
  const { body } = await ask('/v5/market/time');
  expect(body.result).toEqual({ timeSecond: String(at('12:00') / 1_000), timeNano: `${at('12:00')}000000` });
});
