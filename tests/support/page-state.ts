import { conditionNames, kindNamed } from '../../src/domain/conditions/registry.js';
import { exchangeNames } from '../../src/domain/market.js';
import type { AlertView, MarketView, PageState, PriceView } from '../../src/page/protocol.js';
import { at } from './builders.js';

export const market = (symbol: string, exchange = 'binance'): MarketView => ({ exchange, kind: 'spot', symbol });

/** `BTCUSDT above 98000`, armed, with what else is asked for. */
export function alertView(id: string, asks: string, more: Partial<AlertView> = {}): AlertView {
  const [symbol = '', ...rest] = asks.split(' ');
  const target = rest.at(-1) ?? '';
  return {
    id,
    row: 2,
    symbol,
    condition: rest.slice(0, -1).join(' '),
    target,
    user: 'default',
    exchange: '',
    name: '',
    notes: '',
    repeat: '',
    expires: '',
    priority: '',
    notify: '',
    active: true,
    state: 'armed',
    stateText: 'armed',
    firedAt: undefined,
    times: 0,
    lines: target.split('..'),
    market: market(symbol),
    ...more,
  };
}

export const priceView = (symbol: string, price: string | undefined, more: Partial<PriceView> = {}): PriceView => ({
  ...market(symbol),
  key: `binance:${symbol}`,
  price,
  problem: price === undefined ? 'the exchange did not answer' : undefined,
  at: at('12:05'),
  ...more,
});

/** One of each state, two bands, a trail, two wrong rows. */
export function firstState(): PageState {
  return {
    now: at('12:05'),
    timeZone: 'UTC',
    sheet: {
      kind: 'csv',
      name: 'alerts.csv',
      readOnly: undefined,
      rowErrors: [
        { row: 14, message: 'price: expected a plain number, got "95,000"; write 95000 or 95.000' },
        { row: 17, message: "symbol is blank: write the exchange's own spelling, such as BTCUSDT or BTC-USD" },
      ],
    },
    alerts: [
      alertView('btc', 'BTCUSDT above 96500', { row: 2, name: 'Out of the range' }),
      alertView('btc-band', 'BTCUSDT leaves 93800..95900', { row: 3, name: 'Quiet week' }),
      alertView('btc-trail', 'BTCUSDT falls from high 2.5%', {
        row: 4,
        condition: 'falls from high',
        lines: ['94100.5'],
      }),
      alertView('btc-low', 'BTCUSDT below 94000', { row: 5, state: 'paused', stateText: 'paused', active: false }),
      alertView('eth', 'ETHUSDT crosses up 3450', {
        row: 6,
        state: 'waits',
        stateText: 'waits until 13:05 UTC, repeat 1h',
        repeat: '1h',
        times: 3,
      }),
      alertView('sol', 'SOLUSDT below 210.5', { row: 7, state: 'fired', stateText: 'fired 20 Nov 11:42', times: 1 }),
      alertView('doge', 'DOGEUSDT above 0.4125', { row: 8, user: 'dmitry', state: 'sending', stateText: 'sending' }),
      alertView('ada', 'ADAUSD below 0.9', { row: 9, exchange: 'coinbase', market: market('ADA-USD', 'coinbase') }),
      alertView('xrp', 'XRPUSDT above 2', { row: 10, state: 'over', stateText: 'over since 19 Nov' }),
      alertView('pepe', 'PEPEUSDT above 0.00002345', { row: 11, notes: 'the small one' }),
    ],
    prices: [
      priceView('BTCUSDT', '95180.01000000'),
      priceView('BTC-USD', '95165.5', { exchange: 'coinbase', key: 'coinbase:BTC-USD' }),
      priceView('BTCUSDT', '95171.2', { exchange: 'bybit', key: 'bybit:BTCUSDT' }),
      priceView('ETHUSDT', '3412.66000000'),
      priceView('SOLUSDT', '209.87000000'),
      priceView('DOGEUSDT', '0.41190000'),
      priceView('ADA-USD', undefined, { exchange: 'coinbase', key: 'coinbase:ADA-USD' }),
      priceView('XRPUSDT', '1.12340000'),
      priceView('PEPEUSDT', '0.00002104'),
    ],
    lastCheck: {
      at: at('12:04:40'),
      line: '10 alerts on 7 markets checked in 0.8 s; 1 fired, 1 market failed, 2 rows wrong',
    },
    conditions: conditionNames.map((name) => ({ name, example: kindNamed(name).example })),
    exchanges: exchangeNames,
    users: ['default', 'dmitry'],
    channels: ['pushover', 'telegram'],
    userChannels: { default: ['pushover'], dmitry: ['pushover', 'telegram'] },
    hasDoctor: true,
  };
}
