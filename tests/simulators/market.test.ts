import { describe, expect, test } from '@jest/globals';
import { type CandleQuery, candlesOf, dayOf, lastTick } from '../../src/simulators/candles.js';
import { createMarket, type Listing, type SimulatedMarket } from '../../src/simulators/market.js';
import { at } from '../support/builders.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** At 12:00, with one market. */
function listed(listing: Parameters<SimulatedMarket['list']>[2] = { price: '94000' }) {
  const clock = { now: at('12:00') };
  const market = createMarket(() => clock.now);
  market.list('binance', 'BTCUSDT', listing);
  return { market, clock };
}

function listingOf(market: SimulatedMarket): Listing {
  const listing = market.listings.binance.get('BTCUSDT');
  if (listing === undefined) throw new Error('BTCUSDT should be listed');
  return listing;
}

const lastPrice = (market: SimulatedMarket) => lastTick(listingOf(market), market.now())?.price.text;

function shownCandles(market: SimulatedMarket, query: Partial<CandleQuery> = {}) {
  const whole = { widthMs: minuteMs, from: at('00:00'), to: at('23:59'), fillsGaps: true, ...query };
  return candlesOf(listingOf(market), market.now(), whole).map(({ openTime, open, high, low, close, trades }) => [
    new Date(openTime).toISOString().slice(11, 19),
    ...[open, high, low, close].map(({ text }) => text),
    trades,
  ]);
}

const shownDay = (market: SimulatedMarket) => {
  const day = dayOf(listingOf(market), market.now());
  return day && { open: day.open.text, high: day.high.text, low: day.low.text, trades: day.trades };
};

describe('prices', () => {
  test('keep the digits of their text', () => {
    const { market } = listed({ price: '95000.10' });
    expect(lastPrice(market)).toBe('95000.10');
  });

  test('that are planned are seen when the clock is there, in the order of their instants', () => {
    const { market, clock } = listed();
    market.move('binance', 'BTCUSDT', [
      { at: at('12:00:40'), price: '94100' },
      { at: at('12:00:20'), price: '95000' },
    ]);
    const seen = ['12:00:19', '12:00:20', '12:00:39', '12:00:40'].map((time) => {
      clock.now = at(time);
      return lastPrice(market);
    });
    expect(seen).toEqual(['94000', '95000', '95000', '94100']);
  });

  test('a later trade of the same instant counts', () => {
    const { market } = listed();
    market.setPrice('binance', 'BTCUSDT', '94001');
    expect(lastPrice(market)).toBe('94001');
  });

  test('a symbol may be listed before its first trade', () => {
    const { market } = listed({});
    expect([lastPrice(market), shownDay(market), shownCandles(market)]).toEqual([undefined, undefined, []]);
  });

  test('of a symbol that is not listed cannot be set', () => {
    const { market } = listed();
    expect(() => market.setPrice('bybit', 'NOPE', '1')).toThrow(
      'the simulated bybit does not list NOPE; list it first',
    );
  });

  test('of one exchange are not those of another', () => {
    const { market } = listed();
    market.list('bybit', 'BTCUSDT', { price: '94050' });
    market.setPrice('bybit', 'BTCUSDT', '94060');
    expect(lastPrice(market)).toBe('94000');
  });

  test('after the delisting are not seen', () => {
    const { market, clock } = listed();
    market.move('binance', 'BTCUSDT', [{ at: at('12:03'), price: '1' }]);
    clock.now = at('12:02');
    market.delist('binance', 'BTCUSDT');
    clock.now = at('12:05');
    expect(lastPrice(market)).toBe('94000');
    expect(shownCandles(market).map(([time]) => time)).toEqual(['12:00:00', '12:01:00', '12:02:00']);
  });
});

describe('candles', () => {
  test('show that a price came and went between two checks', () => {
    const { market, clock } = listed();
    clock.now = at('12:05');
    market.move('binance', 'BTCUSDT', [
      { at: at('12:02:10'), price: '95001.5' },
      { at: at('12:02:50'), price: '93999' },
    ]);
    expect(shownCandles(market)).toEqual([
      ['12:00:00', '94000', '94000', '94000', '94000', 1],
      ['12:01:00', '94000', '94000', '94000', '94000', 0],
      ['12:02:00', '95001.5', '95001.5', '93999', '93999', 2],
      ['12:03:00', '93999', '93999', '93999', '93999', 0],
      ['12:04:00', '93999', '93999', '93999', '93999', 0],
      ['12:05:00', '93999', '93999', '93999', '93999', 0],
    ]);
  });

  test('without a trade are left out where the exchange leaves them out', () => {
    const { market, clock } = listed();
    clock.now = at('12:05');
    market.setPrice('binance', 'BTCUSDT', '94001');
    expect(shownCandles(market, { fillsGaps: false }).map(([time]) => time)).toEqual(['12:00:00', '12:05:00']);
  });

  test('of the present minute know nothing of what is planned in it', () => {
    const { market, clock } = listed();
    market.move('binance', 'BTCUSDT', [{ at: at('12:00:30'), price: '95000' }]);
    clock.now = at('12:00:29');
    expect(shownCandles(market)).toEqual([['12:00:00', '94000', '94000', '94000', '94000', 1]]);
  });

  test('compare prices as decimals, not as text or floats', () => {
    const { market } = listed({ price: '9.5' });
    market.setPrice('binance', 'BTCUSDT', '10.00000000000000000001');
    market.setPrice('binance', 'BTCUSDT', '10.00000000000000000002');
    expect(shownCandles(market)).toEqual([
      ['12:00:00', '9.5', '10.00000000000000000002', '9.5', '10.00000000000000000002', 3],
    ]);
  });

  test.each([
    { widthMs: 1_000, expected: ['12:00:00', '12:00:01', '12:00:02'] },
    { widthMs: 5 * minuteMs, expected: ['12:00:00'] },
    { widthMs: 60 * minuteMs, expected: ['12:00:00'] },
  ])('of $widthMs ms begin at whole multiples', ({ widthMs, expected }) => {
    const { market, clock } = listed();
    clock.now = at('12:00:02');
    expect(shownCandles(market, { widthMs }).map(([time]) => time)).toEqual(expected);
  });

  test('are those that begin inside the range, and carry the price from before it', () => {
    const { market, clock } = listed();
    clock.now = at('12:10');
    expect(shownCandles(market, { from: at('12:03:01'), to: at('12:05') })).toEqual([
      ['12:04:00', '94000', '94000', '94000', '94000', 0],
      ['12:05:00', '94000', '94000', '94000', '94000', 0],
    ]);
  });

  test('recorded elsewhere come out as they went in', () => {
    const { market, clock } = listed({});
    const recorded = [
      { openTime: at('12:00'), open: '100', high: '103', low: '99', close: '102' },
      { openTime: at('12:01'), open: '102', high: '102.5', low: '98', close: '98.1' },
    ];
    market.addCandles('binance', 'BTCUSDT', recorded);
    clock.now = at('12:01:59');
    expect(shownCandles(market)).toEqual([
      ['12:00:00', '100', '103', '99', '102', 4],
      ['12:01:00', '102', '102.5', '98', '98.1', 4],
    ]);
  });
});

describe('the day', () => {
  test('is as wide as it was listed, and wider where the price went further', () => {
    const { market } = listed({ price: '94000', high24h: '96000', low24h: '93000' });
    market.setPrice('binance', 'BTCUSDT', '92000');
    expect(shownDay(market)).toEqual({ open: '94000', high: '96000', low: '92000', trades: 2 });
  });

  test('forgets what is more than a day old', () => {
    const { market, clock } = listed({ price: '94000', high24h: '96000', low24h: '93000' });
    clock.now += dayMs - 1;
    expect(shownDay(market)).toEqual({ open: '94000', high: '96000', low: '93000', trades: 1 });
    clock.now += 1;
    expect(shownDay(market)).toEqual({ open: '94000', high: '94000', low: '94000', trades: 0 });
  });

  test('knows nothing of what is planned', () => {
    const { market } = listed();
    market.move('binance', 'BTCUSDT', [{ at: at('12:01'), price: '99000' }]);
    expect(shownDay(market)).toEqual({ open: '94000', high: '94000', low: '94000', trades: 1 });
  });
});
