import { describe, expect } from '@jest/globals';
import type { Exchange } from '../../../src/adapters/exchanges/exchange.js';
import { exchanges } from '../../../src/adapters/exchanges/registry.js';
import type { ExchangeName } from '../../../src/domain/market.js';
import type { Result } from '../../../src/domain/result.js';
import type { PriceError, Ticker, Tickers } from '../../../src/flows/ports/price-source.js';
import { type Captured, captured, testCaptured, testCoverage } from '../../support/captured.js';
import { askOnce } from '../../support/exchange-server.js';
import { recordedOfPerpetuals } from '../../support/recorded-perpetuals.js';

/** Every call that the exchange may make gets the recorded answer. */
async function replay(exchange: Exchange, answer: Captured, symbols: readonly string[], now = 0) {
  const kept = ['content-type', 'retry-after'].flatMap((name) => {
    const value = answer.headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const given = { status: answer.status, headers: Object.fromEntries(kept), body: answer.text };
  const paths = [
    '/api/v3/ticker/24hr',
    '/api/v3/ticker/price',
    '/v5/market/tickers',
    '/api/v3/brokerage/market/products',
    '/api/v5/market/tickers',
    ...symbols.slice(0, 10).map((symbol) => `/products/${symbol}/ticker`),
  ];
  return (await askOnce(exchange, Object.fromEntries(paths.map((path) => [path, given])), symbols, { now })).result;
}

type Shown = Record<string, string>;

/** The digits of a price, or the kind of the failure. */
const shownTicker = (ticker: Result<Ticker, PriceError>): string =>
  ticker.ok ? ticker.value.last.text : ticker.error.kind;
const shown = (result: Result<Tickers, PriceError>): Shown | PriceError =>
  result.ok
    ? Object.fromEntries([...result.value].map(([symbol, ticker]) => [symbol, shownTicker(ticker)]))
    : result.error;

const notTickers = (got: string, expected = 'a list of tickers'): PriceError => ({
  kind: 'bad-response',
  issues: [`expected ${expected}, got ${got}`],
});
const otherShape = notTickers('JSON of another shape with HTTP 200');

const expectations: Partial<Record<ExchangeName, Record<string, [symbols: string[], expected: Shown | PriceError]>>> = {
  binance: {
    'binanceus_ticker_24hr_all.json': [['123456', 'NOPE'], { 123456: '71.00000000', NOPE: 'unknown-symbol' }],
    'spot_ticker_24hr_symbols_array.json': [['BTCUSDT'], { BTCUSDT: '69624.00000000' }],
    'fapi_v1_ticker_24hr_all_2019.json': [['BTCUSDT'], { BTCUSDT: '9387.14' }],
    'fapi_ticker_24hr_all_2022.json': [['APEBUSD'], { APEBUSD: '3.2060000' }],
    'fapi_ticker_price_all.json': [['BTCUSDT'], { BTCUSDT: 'no-price' }],
    'fapi_premiumIndex_few.json': [['EOSUSDT'], { EOSUSDT: 'no-price' }],
    'fapi_fundingInfo.json': [['GTCUSDT'], { GTCUSDT: 'no-price' }],
    'spot_ticker_price_BTCUSDT.json': [['BTCUSDT'], otherShape],
    'fapi_ticker_price_BTCUSDT.json': [['BTCUSDT'], otherShape],
    'fapi_premiumIndex_BTCUSDT.json': [['BTCUSDT'], otherShape],
    'fapi_premiumIndex_BTCUSDT_2019.json': [['BTCUSDT'], otherShape],
    'spot_exchangeInfo_ratelimits_2025.json': [['BTCUSDT'], otherShape],
    'doc_error_1003_banned_418.json': [['BTCUSDT'], { kind: 'rate-limited', retryAfterSeconds: 120 }],
    'doc_error_1003_weight_429.json': [['BTCUSDT'], { kind: 'rate-limited', retryAfterSeconds: 17 }],
    'doc_error_1007_timeout.json': [['BTCUSDT'], { kind: 'unavailable', detail: 'HTTP 504' }],
    'doc_error_1100_illegal_chars.json': [
      ['BTCUSDT'],
      notTickers(`code -1100 "Illegal characters found in parameter 'symbols'; legal range is '%s'." with HTTP 400`),
    ],
    'doc_error_1101_too_many_symbols.json': [
      ['BTCUSDT'],
      notTickers(`code -1101 "Too many values sent for parameter 'symbols', maximum allowed up to 100." with HTTP 400`),
    ],
    'doc_error_1151_duplicate_symbols.json': [
      ['BTCUSDT'],
      notTickers('code -1151 "Symbol is present multiple times in the list." with HTTP 400'),
    ],
    'doc_error_1220_status_mismatch.json': [
      ['BTCUSDT'],
      notTickers(`code -1220 "The symbol's status does not match the requested symbolStatus." with HTTP 400`),
    ],
    'doc_error_invalid_symbol.json': [['BTCUSDT'], notTickers('code -1121 with HTTP 400')],
    'fapi_error_invalid_symbol.json': [['BTCUSDT'], notTickers('code -1121 with HTTP 400')],
    'error_403_cloudfront_country_block.json': [['BTCUSDT'], { kind: 'region-blocked', status: 403 }],
    'error_451_restricted_location.json': [['BTCUSDT'], { kind: 'region-blocked', status: 451 }],
  },
  bybit: {
    'doc_v5_tickers_spot.json': [['BTCUSDT', 'NOPE'], { BTCUSDT: '20533.13', NOPE: 'unknown-symbol' }],
    'doc_v5_tickers_inverse.json': [['BTCUSD'], { BTCUSD: '120635.50' }],
    'doc_v5_funding_history.json': [['ETHPERP'], { ETHPERP: 'no-price' }],
    'v5_instruments_info_linear_2025.json': [['10000000AIDOGEUSDT'], { '10000000AIDOGEUSDT': 'no-price' }],
    'v5_instruments_info_linear_sample.json': [['BTCUSDT'], { BTCUSDT: 'no-price' }],
    'v5_instruments_info_spot_sample.json': [['BTCUSDT'], { BTCUSDT: 'no-price' }],
    'doc_error_10006_rate_limit.json': [['BTCUSDT'], { kind: 'rate-limited', retryAfterSeconds: undefined }],
    'doc_error_403_ip_limit.json': [['BTCUSDT'], { kind: 'rate-limited', retryAfterSeconds: 600 }],
    'error_10001_not_supported_symbols.json': [['NOPE'], notTickers('retCode 10001')],
    'error_10032_demo.json': [
      ['BTCUSDT'],
      notTickers('retCode 10032 "Demo trading are not supported." with HTTP 200', 'tickers'),
    ],
  },
  coinbase: {
    'advanced_products_BTC-USD_BTC-USDC_2026.json': [
      ['BTC-USD', 'BTC-USDC', 'NOPE-USD'],
      { 'BTC-USD': '68925.98', 'BTC-USDC': '68923.67', 'NOPE-USD': 'unknown-symbol' },
    ],
    'advanced_products_excerpt_num549.json': [['TONE-USD'], { 'TONE-USD': '0.01523' }],
    'exchange_ticker_BTC-USD_2026.json': [['BTC-USD'], { 'BTC-USD': '84429.83' }],
    'exchange_ticker_BTC-USDT_2024.json': [['BTC-USDT'], { 'BTC-USDT': '73367.8' }],
    'exchange_error_not_found.json': [['NOPE-USD'], { 'NOPE-USD': 'unknown-symbol' }],
    'exchange_error_bad_granularity.json': [['BTC-USD'], { 'BTC-USD': 'bad-response' }],
    'advanced_ticker_trades_BTC-USD_2026.json': [['BTC-USD'], { 'BTC-USD': 'bad-response' }],
    'advanced_ticker_trades_BTC-USDC_2024.json': [['BTC-USDC'], { 'BTC-USDC': 'bad-response' }],
    'exchange_products_all_2021.json': [['BTC-GBP'], { 'BTC-GBP': 'bad-response' }],
    'exchange_products_nine_2026.json': [['BTC-USD'], { 'BTC-USD': 'bad-response' }],
    'exchange_spark_lines_2022.json': [['QSP-USD'], { 'QSP-USD': 'bad-response' }],
    // What Coinbase has of perpetuals is another service's by now, and is not read.
    'drb_ticker_BTC_USDC-PERPETUAL_2026-09.json': [['BTC-USD'], { 'BTC-USD': 'bad-response' }],
    'drb_funding_rate_history_2026-08.json': [['BTC-USD'], { 'BTC-USD': 'bad-response' }],
    'exchange_stats_BTC-USD_2026.json': [['BTC-USD'], { 'BTC-USD': 'bad-response' }],
  },
  okx: {
    'error_51001_unknown_instrument.json': [['BTC-USDT'], notTickers('code 51001')],
    // Lists of something else: nothing in them is a price.
    'instruments_SWAP_2022.json': [['BTC-USD-SWAP'], { 'BTC-USD-SWAP': 'no-price' }],
    'instruments_SWAP_2025.json': [['ETH-USDT-SWAP'], { 'ETH-USDT-SWAP': 'no-price' }],
    'mark_price_BTC-USDT-SWAP.json': [['BTC-USDT-SWAP'], { 'BTC-USDT-SWAP': 'no-price' }],
    // Without the code that says that it is an answer.
    'ticker_BTC-USDT-SWAP_2026-08-19.json': [['BTC-USDT-SWAP'], otherShape],
    'ws_ticker_SWAP_item_2026-09.json': [['BTC-USDT-SWAP'], otherShape],
  },
};

const isZero = (text: string): boolean => /^[0.]+$/.test(text);

const everyTicker = 'spot_ticker_24hr_all_2022.json';
const everyLastPrice = 'spot_ticker_price_all_2022.json';

describe.each(Object.entries(exchanges))('recorded answers of %s', (name, exchange) => {
  const known = expectations[name as ExchangeName] ?? {};
  for (const [file, [symbols, expected]] of Object.entries(known)) {
    testCaptured(`${file} is read or sorted`, [`${name}/${file}`], async () => {
      expect(shown(await replay(exchange, captured(`${name}/${file}`), symbols))).toEqual(expected);
    });
  }
  testCoverage(name, [
    ...Object.keys(known),
    ...recordedOfPerpetuals(name),
    ...(name === 'binance' ? [everyTicker, everyLastPrice] : []),
  ]);
});

describe('recorded answers', () => {
  const tickersFile = `binance/${everyTicker}`;
  testCaptured(
    'of all Binance symbols: 667 of 2123 have no price, the others keep every digit',
    [tickersFile],
    async () => {
      const answer = captured(tickersFile);
      const entries: { symbol: string; lastPrice: string; highPrice: string; lowPrice: string }[] = JSON.parse(
        answer.text,
      );
      const result = await replay(
        exchanges.binance,
        answer,
        entries.map(({ symbol }) => symbol),
      );
      const outcomes = result.ok ? [...result.value] : [];
      expect(
        outcomes.map(([symbol, ticker]) => [
          symbol,
          ...(ticker.ok
            ? [ticker.value.last.text, ticker.value.high24h?.text, ticker.value.low24h?.text]
            : [ticker.error]),
        ]),
      ).toEqual(
        entries.map(({ symbol, lastPrice, highPrice, lowPrice }) =>
          isZero(lastPrice)
            ? [symbol, { kind: 'no-price', detail: `expected a price above zero, got "${lastPrice}"` }]
            : [symbol, lastPrice, highPrice, lowPrice],
        ),
      );
      expect([outcomes.length, outcomes.filter(([, ticker]) => !ticker.ok).length]).toEqual([2123, 667]);
    },
  );

  testCaptured(
    'of all Binance symbols: the ten that were not traded for a day have no price, whatever the list says',
    [tickersFile],
    async () => {
      const answer = captured(tickersFile);
      const entries: { symbol: string; lastPrice: string; closeTime: string }[] = JSON.parse(answer.text);
      const priced = entries.filter(({ lastPrice }) => !isZero(lastPrice)).map(({ symbol }) => symbol);
      const now = Math.max(...entries.map(({ closeTime }) => Number(closeTime)));
      const result = await replay(exchanges.binance, answer, priced, now);
      const dead = [...(result.ok ? result.value : [])].filter(([, ticker]) => !ticker.ok).map(([symbol]) => symbol);
      const halted = [
        'FTTBNB',
        'FTTBTC',
        'FTTETH',
        'FTTUSDT',
        'KSMBNB',
        'MANABNB',
        'OGNBNB',
        'VGXBTC',
        'VGXETH',
        'ZILEUR',
      ];
      expect(dead.toSorted()).toEqual(halted);
    },
  );

  const pricesFile = `binance/${everyLastPrice}`;
  testCaptured(
    'of all last prices on Binance are read where the list of the day is missing',
    [pricesFile],
    async () => {
      const answer = captured(pricesFile);
      const entries: { symbol: string; price: string }[] = JSON.parse(answer.text);
      const symbols = entries.map(({ symbol }) => symbol);
      const { result } = await askOnce(exchanges.binance, { '/api/v3/ticker/price': { body: answer.text } }, symbols);
      expect(shown(result)).toEqual(
        Object.fromEntries(entries.map(({ symbol, price }) => [symbol, isZero(price) ? 'no-price' : price])),
      );
    },
  );
});
