import { beforeEach, describe, expect, test } from '@jest/globals';
import { at } from '../../support/builders.js';
import { captured, testCaptured } from '../../support/captured.js';
import { useExchange } from './stage.js';

const { clock, market, ask } = useExchange('okx');
const get = ask('OKX_BASE_URL');
beforeEach(() => {
  market.contracts.okx.clear();
  market.list('okx', 'BTC-USDT', { price: '95180.5', high24h: '96000', low24h: '94000' });
  market.list('okx', 'BTC-USDT-SWAP.P', { price: '95190.1' });
});

const refused = (code: string, msg: string) => ({ status: 200, body: { code, data: [], msg } });
const unknown = refused('51001', "Instrument ID, Instrument ID code, or Spread ID doesn't exist.");
const keysOf = (file: string): string[] => Object.keys(JSON.parse(captured(file).text).data[0]).sort();

const streamed = 'okx/ws_ticker_SWAP_item_2026-09.json';
const rate = 'okx/funding_rate_BTC-USDT-SWAP_2026-08-01.json';
const error = 'okx/error_51001_unknown_instrument.json';

describe('tickers', () => {
  const tickers = async (instType: string) => (await get(`/api/v5/market/tickers?instType=${instType}`)).body.data;

  test('all of a kind, every value a text', async () => {
    expect(await tickers('SPOT')).toMatchObject([
      { instType: 'SPOT', instId: 'BTC-USDT', last: '95180.5', high24h: '96000', low24h: '94000', vol24h: '1' },
    ]);
    expect(await tickers('SWAP')).toMatchObject([
      { instType: 'SWAP', instId: 'BTC-USDT-SWAP', last: '95190.1', ts: String(at('12:00')) },
    ]);
  });

  test('what was delisted is not among them, nor what has an end; what never traded has empty texts', async () => {
    market.list('okx', 'GONE-USDT', { price: '1' });
    market.delist('okx', 'GONE-USDT');
    market.list('okx', 'NEW-USDT', {});
    market.list('okx', 'BTC-USD_UM_XPERP-310404.P', { price: '1', contract: 'dated' });
    expect(await tickers('SPOT')).toMatchObject([
      { instId: 'BTC-USDT' },
      { instId: 'NEW-USDT', last: '', vol24h: '0' },
    ]);
    expect(await tickers('SWAP')).toHaveLength(1);
  });

  test('another kind is an error with HTTP 200', async () => {
    expect(await get('/api/v5/market/tickers')).toEqual(refused('51000', 'Parameter instType error'));
  });

  testCaptured('have the fields of the real ones', [streamed], async () => {
    expect(Object.keys((await tickers('SWAP'))[0]).sort()).toEqual(keysOf(streamed));
  });
});

describe('funding', () => {
  const rates = async (instId: string) => (await get(`/api/v5/public/funding-rate?instId=${instId}`)).body.data;

  test('the settlement to come is at fundingTime; what has an end is a future', async () => {
    market.setFunding('okx', 'BTC-USDT-SWAP.P', '-0.00012', 4);
    market.list('okx', 'BTC-USD_UM_XPERP-310404.P', { price: '1', contract: 'dated' });
    expect(await rates('ANY')).toMatchObject([
      {
        instId: 'BTC-USDT-SWAP',
        instType: 'SWAP',
        fundingRate: '-0.00012',
        fundingTime: String(at('16:00')),
        nextFundingTime: String(at('20:00')),
      },
      { instType: 'FUTURES' },
    ]);
    expect(await rates('BTC-USDT-SWAP')).toHaveLength(1);
    expect(await get('/api/v5/public/funding-rate?instId=NOPE-USDT-SWAP')).toEqual(unknown);
  });

  testCaptured('has the fields of the real one', [rate], async () => {
    expect(Object.keys((await rates('BTC-USDT-SWAP'))[0]).sort()).toEqual(keysOf(rate));
  });
});

describe('candles', () => {
  const timesOf = async (call: string, query: string): Promise<string[]> => {
    const { body } = await get(`/api/v5/market/${call}?instId=BTC-USDT&${query}`);
    return body.data.map(([ts]: [string]) => new Date(Number(ts)).toISOString().slice(11, 16));
  };

  test('are newest first, in text; the one under way is not confirmed', async () => {
    clock.now = at('12:01:30');
    market.setPrice('okx', 'BTC-USDT', '95200');
    const { body } = await get('/api/v5/market/candles?instId=BTC-USDT&bar=1m');
    const quiet = ['95180.5', '95180.5', '95180.5', '95180.5', '1', '1', '95180.5'];
    expect(body).toEqual({
      code: '0',
      msg: '',
      data: [
        [String(at('12:01')), '95200', '95200', '95200', '95200', '1', '1', '95200', '0'],
        [String(at('12:00')), ...quiet, '1'],
      ],
    });
  });

  test('neither before nor after is among them, and the newest are given', async () => {
    clock.now = at('20:00');
    expect(await timesOf('candles', `before=${at('12:03')}&after=${at('12:06')}`)).toEqual(['12:05', '12:04']);
    expect(await timesOf('candles', `before=${at('12:03')}&after=${at('12:30')}&limit=1`)).toEqual(['12:29']);
    expect(await timesOf('candles', 'bar=1H&limit=2')).toEqual(['20:00', '19:00']);
  });

  test('are a hundred without a limit, three hundred at most, and the latest 1440; the history has the older ones', async () => {
    market.list('okx', 'BTC-USDT', {});
    market.move('okx', 'BTC-USDT', [{ at: at('00:00'), price: '1' }]);
    clock.now = at('00:00') + 30 * 60 * 60_000;
    expect(await timesOf('candles', '')).toHaveLength(100);
    expect(await timesOf('candles', 'limit=5000')).toHaveLength(300);
    const early = `before=${at('06:00') - 1}&after=${at('06:03')}`;
    expect(await timesOf('candles', early)).toEqual(['06:02', '06:01']);
    expect(await timesOf('history-candles', early)).toEqual(['06:02', '06:01', '06:00']);
    expect((await timesOf('history-candles', ''))[0]).toBe('05:59');
  });

  test('an unknown symbol or bar is an error with HTTP 200', async () => {
    expect(await get('/api/v5/market/candles?instId=NOPE-USDT')).toEqual(unknown);
    expect(await get('/api/v5/market/candles?instId=BTC-USDT&bar=1s')).toEqual(refused('51000', 'Parameter bar error'));
  });

  testCaptured('are refused in the words of the real ones', [error], async () => {
    const { body } = await get('/api/v5/market/candles?instId=NOPE-USDT');
    expect(body).toEqual(JSON.parse(captured(error).text));
  });
});

test('the time is that of the clock', async () => {
  expect((await get('/api/v5/public/time')).body.data).toEqual([{ ts: String(at('12:00')) }]);
});
