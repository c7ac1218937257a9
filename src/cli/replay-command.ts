import { SingleBar } from 'cli-progress';
import { createPriceSources } from '../app.js';
import { readTimeZone } from '../config.js';
import type { Candle } from '../domain/evidence/candle.js';
import { type ExchangeName, exchangeNames, shownSymbol } from '../domain/market.js';
import { shownPrice } from '../domain/price.js';
import { askedSymbol, canonicalSymbol, shortSymbol } from '../domain/symbol.js';
import { type Replayed, type ReplayedAlert, replay } from '../flows/replay.js';
import { askedMarket } from './asked-market.js';
import { readCandleFile } from './candle-file.js';
import { fetchCandles } from './fetch-candles.js';
import { readLocalConfig } from './laptop.js';
import { aligned, print, shownInstant, tell } from './print.js';
import { readReplayAlerts } from './replay-alerts.js';

export interface ReplayOptions {
  readonly alerts: string;
  /** ms */
  readonly every: number;
  readonly candles?: string;
  readonly symbol?: string;
  readonly exchange?: ExchangeName;
  readonly days: number;
  /** ms since 1970 */
  readonly from?: number;
  readonly to?: number;
  readonly json?: true;
}

async function fetchWithProgress(options: ReplayOptions & { symbol: string }): Promise<Candle[]> {
  const asked = askedMarket(options.symbol, options.exchange);
  const name = asked.only ?? exchangeNames[0];
  const source = createPriceSources(readLocalConfig('')).find((each) => each.name === name && each.kind === asked.kind);
  if (source === undefined) throw new Error(`${name}: its ${asked.kind} markets are not read`);
  const symbol = source.toExchangeSymbol(asked.symbol, asked.only !== undefined);
  if (symbol === undefined) throw new Error(`${name} has no spelling for ${options.symbol}; write it as BASE-QUOTE`);
  const bar = new SingleBar({
    format: `${name} ${shownSymbol({ kind: asked.kind, symbol })} [{bar}] {value}/{total} pages of candles`,
    stream: process.stderr,
    // By itself it takes the first Ctrl-C for its own, to show the cursor again.
    gracefulExit: false,
  });
  bar.start(1, 0);
  try {
    return await fetchCandles(source, symbol, options.days, Date.now(), (done, pages) => {
      bar.setTotal(pages);
      bar.update(done);
    });
  } finally {
    bar.stop();
  }
}

function readCandles(options: ReplayOptions): Promise<Candle[]> {
  if (options.candles !== undefined) return readCandleFile(options.candles);
  if (options.symbol !== undefined) return fetchWithProgress({ ...options, symbol: options.symbol });
  throw new Error('expected --candles FILE, or --symbol SYMBOL to fetch the candles of an exchange');
}

/** Candles are of one market, so the alerts must be too. */
function ofOneSymbol(alerts: readonly ReplayedAlert[], wanted: string | undefined): readonly ReplayedAlert[] {
  const joined = (symbol: string): string => shortSymbol(canonicalSymbol(symbol)).replace('-', '');
  const symbols = new Set(alerts.map(({ alert }) => alert.symbol));
  if (wanted !== undefined) return alerts.filter(({ alert }) => joined(alert.symbol) === joined(wanted));
  if (new Set([...symbols].map(joined)).size <= 1) return alerts;
  throw new Error(
    `the alerts name several symbols (${[...symbols].slice(0, 8).join(', ')}); say with --symbol which of them the candles are of`,
  );
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function shownReplay(replayed: Replayed, from: number, to: number): string {
  const rows = replayed.fired.map((fire) => [
    `row ${fire.row}`,
    `${fire.symbol} ${fire.condition} ${fire.targetPrice}`,
    shownInstant(fire.touchedAt),
    shownInstant(fire.firedAt),
    shownPrice(fire.price),
  ]);
  return [
    `${replayed.checks} checks from ${shownInstant(from)} to ${shownInstant(to)}: ${replayed.fired.length} fired, ${replayed.silent} silent; ${counted(replayed.fired.length, 'message')} on each channel`,
    ...(rows.length === 0 ? [] : [aligned([['ROW', 'ALERT', 'TOUCHED', 'FIRED', 'REACHED'], ...rows])]),
  ].join('\n');
}

/** Resolves to the exit code: 1 where a row could not be replayed. */
export async function runReplay(options: ReplayOptions): Promise<number> {
  const candles = await readCandles(options);
  const [first, last] = [candles[0], candles.at(-1)];
  if (first === undefined || last === undefined)
    throw new Error('there are no candles in that time; take more days, or another symbol');
  const from = options.from ?? first.openAt;
  const to = options.to ?? last.openAt + last.spanMs;
  if (from > to) throw new Error(`--from ${shownInstant(from)} is later than the end, ${shownInstant(to)}`);
  const { alerts, rowErrors } = await readReplayAlerts(options.alerts, from, readTimeZone(process.env));
  const chosen = ofOneSymbol(alerts, options.symbol);
  // Every alert has the one market; the name of its exchange is only shown.
  const { kind, symbol } = askedSymbol(canonicalSymbol(options.symbol ?? chosen[0]?.alert.symbol ?? ''));
  const market = { exchange: options.exchange ?? exchangeNames[0], kind, symbol };
  const replayed = replay({ candles, alerts: chosen, market, everyMs: options.every, from, to });
  print(options.json ? JSON.stringify({ ...replayed, rowErrors }) : shownReplay(replayed, from, to));
  for (const { row, message } of rowErrors) tell(`row ${row}: ${message}`);
  return rowErrors.length === 0 ? 0 : 1;
}
