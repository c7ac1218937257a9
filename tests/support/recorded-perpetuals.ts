/** Recorded answers that the tests of perpetuals name. */
export const recordedPerpetuals = {
  day: 'binance/fapi_ticker_24hr_few_2021.json',
  everyDay: 'binance/fapi_ticker_24hr_all_2022.json',
  contracts: 'binance/fapi_exchangeInfo_2021_delivery_contracts.json',
  plainContracts: 'binance/fapi_exchangeInfo_2025_25symbols.json',
  everyRate: 'binance/fapi_premiumIndex_all_2024-11.json',
  fewRates: 'binance/fapi_premiumIndex_few.json',
  coinRates: 'binance/dapi_premiumIndex_few.json',
  intervals: 'binance/fapi_fundingInfo.json',
  klines: 'binance/fapi_klines_1d_BTCUSDT.json',
  unknown: 'binance/fapi_error_invalid_symbol.json',
  rateHistory: 'binance/fapi_fundingRate_history_BTCUSDT.json',
  oneRateOfHistory: 'binance/fapi_fundingRate_limit1_BTCUSDT.json',
  openInterest: 'binance/fapi_openInterest_BTCUSDT.json',
  oneRate: 'binance/fapi_premiumIndex_BTCUSDT.json',
  inverse: 'bybit/doc_v5_tickers_inverse.json',
  bybitUnknown: 'bybit/error_10001_symbol_invalid_linear_2026-09.json',
  bybitHistory: 'bybit/funding_history_BTCUSDT.json',
  bybitContracts: 'bybit/v5_instruments_info_linear_2025.json',
  emptyList: 'bybit/spot_unknown_symbol_is_empty_list_2026-09.json',
  okxTicker: 'okx/ticker_BTC-USDT-SWAP_2026-08-19.json',
  okxStreamed: 'okx/ws_ticker_SWAP_item_2026-09.json',
  okxRates: 'okx/funding_rate_ANY_rows_2026.json',
  okxRate: 'okx/funding_rate_BTC-USDT-SWAP_2026-08-01.json',
  okxDocumentedRate: 'okx/doc_funding_rate_sample.json',
  okxHistory: 'okx/funding_rate_history_BTC-USDT-SWAP.json',
  okxUnknown: 'okx/error_51001_unknown_instrument.json',
} as const;

/** Of one exchange, without its folder. */
export const recordedOfPerpetuals = (exchange: string): readonly string[] =>
  Object.values(recordedPerpetuals).flatMap((file) =>
    file.startsWith(`${exchange}/`) ? [file.slice(exchange.length + 1)] : [],
  );
