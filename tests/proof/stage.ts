import { exchanges } from '../../src/adapters/exchanges/registry.js';
import type { Trigger } from '../../src/domain/alert.js';
import type { Cell } from '../../src/domain/columns.js';
import { type ExchangeName, type MarketKind, shownSymbol } from '../../src/domain/market.js';
import type { Message } from '../../src/domain/message.js';
import { askedSymbol } from '../../src/domain/symbol.js';
import { hourMs } from '../../src/domain/time.js';
import { check, NothingChecked } from '../../src/flows/check.js';
import type { AlertStore } from '../../src/flows/ports/alert-store.js';
import { type Chance, createChance, generateCandles, unitsText } from '../support/candle-series.js';
import { candleCallsOf, type FakeExchange } from '../support/fake-exchange.js';
import {
  createMemoryPorts,
  createMemoryStore,
  createRecordingPhone,
  createTableSheet,
  runOf,
} from '../support/in-memory.js';
import { marketsOf } from '../support/markets-of.js';
import type { Lie } from '../support/range-host.js';
import { seedLimit } from '../support/seeds.js';
import { createTickSource, type Ticks, ticksOf } from './tick-market.js';
import { standingPrice, type Wish } from './truth.js';

export interface Scenario {
  readonly name: string;
  /** Where the alerts are; the second exchange is asked where the first one fails. */
  readonly home: ExchangeName;
  /** Of all markets; spot unless it is said. */
  readonly kind?: MarketKind;
  readonly fallback?: ExchangeName;
  readonly everyMs: number;
  readonly hours: number;
  /** The home exchange gives nothing in the middle for so long. */
  readonly downHours?: number;
  /** No run takes place for up to so long, now and then. */
  readonly noRunHours?: number;
  /** The share of runs in which candle calls fail: all of them, or those of one market. */
  readonly failingShare?: number;
  /** Answers are up to so old. */
  readonly lagMs?: number;
  /** What the ranges in bulk do in place of telling the truth; `stale` by up to nine minutes. */
  readonly rangeLie?: 'stale' | Exclude<Lie, object>;
  /** The share of runs whose time is over after a few candle calls, before anything is pushed. */
  readonly shortShare?: number;
}

export interface Row extends Omit<Wish, 'armedAt'> {
  readonly id: string;
  readonly symbol: string;
  /** Named, or left blank: the same market either way. */
  readonly exchange: string;
  active: boolean;
  /** When the run began that has to arm it. */
  armedAt: number;
}

interface Armed {
  readonly id: string;
  readonly armedAt: number;
  /** Undefined: the alert stayed silent. */
  readonly trigger: Trigger | undefined;
}

/** One run as it was seen from outside. */
export interface Played {
  readonly startedAt: number;
  /** When prices were asked for; the clock stands still from then on. */
  readonly at: number;
  /** What was traded later was in no answer. */
  readonly seenTo: number;
  /** What was traded later may have been in no range. */
  readonly rangeSeenTo: number;
  /** Ranges ruled everything out, and prices were not asked for. */
  readonly isRuledOutAtOnce: boolean;
  readonly isHomeUp: boolean;
  /** Not everything was looked at, and nothing could be told. */
  readonly isShort: boolean;
  /** The exchange that was asked gave candles of this symbol, spelt as in the sheet. */
  hasCandles(symbol: string): boolean;
  readonly armed: readonly Armed[];
  readonly pushes: readonly Message[];
  readonly candleCalls: readonly string[];
}

export interface Stage {
  readonly downUntil: number;
  readonly rows: ReadonlyMap<string, Row>;
  readonly home: ReadonlyMap<string, Ticks>;
  readonly other: ReadonlyMap<string, Ticks>;
  /** Undefined at the end. */
  play(): Promise<Played | undefined>;
}

const begin = Date.UTC(2023, 2, 1);
/** Longer than a day, so that the day's extremes are of a whole day. */
const leadHours = 25;
const plainSymbols = ['AAAUSDT', 'BBBUSDT', 'CCCUSDT'];
/** As the sheet has them. */
const symbolsOf = ({ kind = 'spot' }: Scenario): readonly string[] =>
  plainSymbols.map((symbol) => shownSymbol({ kind, symbol }));
/** A cache's age that the overlap of windows has to bear. */
export const mostStaleMs = 9 * 60_000;
const header = ['id', 'symbol', 'condition', 'price', 'exchange', 'active'];
const cent = 1_000_000;

export const ticksBy = (series: ReadonlyMap<string, Ticks>, symbol: string): Ticks =>
  series.get(symbol) ?? { at: [], price: [] };

/** Near and far, and now and then already true. */
function randomTarget(chance: Chance, kind: Wish['kind'], price: number): number {
  const share = chance.isHit(0.1) ? chance.between(-0.003, 0) : chance.between(0.0005, chance.isHit(0.2) ? 0.2 : 0.02);
  return Math.round((price * (kind === 'above' ? 1 + share : 1 - share)) / cent) * cent;
}

function randomRow(
  chance: Chance,
  { home, now }: { home: string; now: number },
  series: ReadonlyMap<string, Ticks>,
): Row {
  const symbols = [...series.keys()];
  const symbol = symbols[chance.below(symbols.length)] ?? '';
  const kind = chance.isHit(0.5) ? 'above' : 'below';
  const target = randomTarget(chance, kind, standingPrice(ticksBy(series, symbol), now));
  return {
    id: `row-${now}`,
    symbol,
    kind,
    target,
    exchange: chance.isHit(0.5) ? home : '',
    active: true,
    armedAt: now,
  };
}

/** Rows come, go, pause and resume. */
function changeRows(rows: Map<string, Row>, chance: Chance, now: number, make: () => Row): void {
  if (rows.size < 45 && chance.isHit(0.6)) {
    const row = make();
    rows.set(row.id, row);
  }
  const any = [...rows.values()][chance.below(Math.max(1, rows.size))];
  // An empty sheet would be refused.
  if (any === undefined || rows.size < 3) return;
  const [isTakenAway, isTurned] = [chance.isHit(0.15), chance.isHit(0.15)];
  if (isTakenAway) rows.delete(any.id);
  else if (isTurned) {
    any.active = !any.active;
    if (any.active) any.armedAt = now;
  }
}

/** Prices may be asked for well after an alert was armed. */
function slowStore(store: AlertStore, wait: () => void, claimed: Armed[]): AlertStore {
  const slowly = async <T>(written: Promise<T>): Promise<T> => {
    const answer = await written;
    wait();
    return answer;
  };
  return {
    ...store,
    create: (alert) => slowly(store.create(alert)),
    change: (change) => slowly(store.change(change)),
    claim: (alert, delivery) => {
      claimed.push({ id: alert.id, armedAt: alert.armedAt, trigger: delivery.trigger });
      return store.claim(alert, delivery);
    },
  };
}

const knownTicks = new Map<string, { readonly home: Ticks; readonly other: Ticks }>();

/** A market, and the same one elsewhere, a little off. Most scenarios begin with the same ones, made once. */
function ticksFrom(seed: number, count: number) {
  const key = `${seed} ${count}`;
  const known = knownTicks.get(key);
  if (known !== undefined) return known;
  const chance = createChance(seed);
  const price = chance.between(5, 50_000);
  const candles = generateCandles(chance, { count, startAt: begin, price, missingShare: 0.05 });
  const made = {
    home: ticksOf(candles, chance),
    other: ticksOf(candles, chance, () => chance.between(0.9995, 1.0005)),
  };
  knownTicks.set(key, made);
  return made;
}

function createSeries(scenario: Scenario, chance: Chance) {
  const [home, other] = [new Map<string, Ticks>(), new Map<string, Ticks>()];
  const count = (scenario.hours + leadHours) * 60;
  for (const symbol of symbolsOf(scenario)) {
    const ticks = ticksFrom(chance.below(seedLimit), count);
    home.set(symbol, ticks.home);
    if (scenario.fallback !== undefined) other.set(symbol, ticks.other);
  }
  return { home, other };
}

const isForPrices = ([question]: FakeExchange['asked'][number]): boolean => question.startsWith('tickers ');

const isSparedBy = (failing: string, symbol: string): boolean => failing !== 'all' && failing !== symbol;

/** The whole flow in memory, over prices and troubles that chance makes up. */
export function createStage(scenario: Scenario, chance: Chance): Stage {
  const { home, kind, fallback, everyMs, hours, downHours = 0, noRunHours = 0, failingShare = 0 } = scenario;
  const series = createSeries(scenario, chance);
  const symbols = symbolsOf(scenario);
  let now = begin + leadHours * hourMs;
  const end = now + hours * hourMs - everyMs;
  const downFrom = now + (hours / 2) * hourMs;
  const downUntil = downFrom + downHours * hourMs;
  const isHomeUp = () => now < downFrom || now >= downUntil;
  // A symbol as in the sheet, `all` or nothing.
  let failing = '';
  let lag = 0;
  let staleMs = 0;
  const { rangeLie: told } = scenario;
  const rangeLie = (): Lie | undefined => (told === 'stale' ? { staleMs } : told);
  /** How many candle calls the run has time for. */
  let calls = Number.POSITIVE_INFINITY;

  const sourceOf = (name: ExchangeName, of: ReadonlyMap<string, Ticks>, isUp: () => boolean): FakeExchange => {
    const exchange = exchanges[name];
    const { toExchangeSymbol } = marketsOf(exchange, kind);
    const sheetSymbols = new Map(
      symbols.map((symbol) => [toExchangeSymbol(askedSymbol(symbol).symbol, true) ?? '', symbol]),
    );
    return createTickSource({
      exchange,
      kind,
      ticks: new Map([...sheetSymbols].map(([spelt, symbol]) => [spelt, ticksBy(of, symbol)])),
      hasDay: name !== 'coinbase',
      fillsGaps: name !== 'coinbase',
      now: () => now,
      isUp,
      hasCandles: (spelt) => isSparedBy(failing, sheetSymbols.get(spelt) ?? ''),
      lagMs: () => lag,
      rangeLie,
    });
  };
  const sources = [sourceOf(home, series.home, isHomeUp)];
  if (fallback !== undefined) sources.push(sourceOf(fallback, series.other, () => true));

  const called = () => sources.reduce((sum, source) => sum + candleCallsOf(source).length, 0);

  const claimed: Armed[] = [];
  const memory = createMemoryStore();
  const wait = () => {
    now += chance.isHit(0.2) ? chance.below(2_000) : 0;
  };
  const sheet = createTableSheet(header);
  const notifier = createRecordingPhone();
  const store = slowStore(memory, wait, claimed);
  const ports = createMemoryPorts({ exchanges: sources, now: () => now, store, sheet, notifier });
  const rows = new Map<string, Row>();

  async function checkOnce(startedAt: number): Promise<void> {
    try {
      await check(ports, runOf({ runId: `run-${startedAt}`, startedAt, hasTime: () => called() < calls }));
    } catch (error) {
      if (!(error instanceof NothingChecked) || isHomeUp() || fallback !== undefined) throw error;
    }
  }

  function setTheStage(): void {
    changeRows(rows, chance, now, () => randomRow(chance, { home, now }, series.home));
    sheet.rows = [...rows.values()].map(({ id, symbol, kind, target, exchange, active }): Cell[] => {
      return [id, symbol, kind, unitsText(target), exchange, active];
    });
    failing = chance.isHit(failingShare) ? (['all', ...symbols][chance.below(4)] ?? '') : '';
    lag = chance.below((scenario.lagMs ?? 0) + 1);
    staleMs = told === 'stale' ? chance.below(mostStaleMs + 1) : 0;
    calls = chance.isHit(scenario.shortShare ?? 0) ? 1 + chance.below(4) : Number.POSITIVE_INFINITY;
    claimed.length = 0;
    notifier.received.length = 0;
    for (const source of sources) source.asked.length = 0;
  }

  /** What fired leaves the sheet sooner or later, or is armed again. */
  function clearAway(): void {
    for (const { id, active } of [...rows.values()]) {
      if (rows.size > 3 && active && memory.alerts.get(id)?.status === 'triggered' && chance.isHit(0.5))
        rows.delete(id);
    }
  }

  return {
    downUntil,
    rows,
    ...series,
    async play() {
      if (now >= end) return undefined;
      clearAway();
      const startedAt = now;
      setTheStage();
      await checkOnce(startedAt);
      const at = now;
      const silent = [...memory.alerts.values()].filter(({ status, active }) => status === 'pending' && active);
      const played: Played = {
        startedAt,
        at,
        seenTo: at - lag,
        rangeSeenTo: at - lag - staleMs,
        isRuledOutAtOnce: sources.every(({ asked }) => asked.length > 0 && !asked.some(isForPrices)),
        isHomeUp: isHomeUp(),
        isShort: called() >= calls,
        hasCandles: isSparedBy.bind(undefined, failing),
        armed: [...claimed, ...silent.map(({ id, armedAt }) => ({ id, armedAt, trigger: undefined }))],
        pushes: [...notifier.received],
        candleCalls: sources.flatMap((source) => candleCallsOf(source).map((symbol) => `${source.name}:${symbol}`)),
      };
      now = Math.max(now, startedAt + everyMs + chance.below(20_000) - 10_000);
      if (noRunHours > 0 && chance.isHit(0.02)) now += chance.below(noRunHours * hourMs);
      return played;
    },
  };
}
