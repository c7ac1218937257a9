import { afterAll, describe, expect, test } from '@jest/globals';
import type { Exchange } from '../../src/adapters/exchanges/exchange.js';
import { exchanges } from '../../src/adapters/exchanges/registry.js';
import { aligned } from '../../src/cli/print.js';
import type { WaitingAlert } from '../../src/domain/alert.js';
import { noWatermarks } from '../../src/domain/evidence/watermark.js';
import { type MarketKind, shownSymbol } from '../../src/domain/market.js';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import { createCandleHistory } from '../../src/flows/candle-history.js';
import { checkMarkets } from '../../src/flows/check-markets.js';
import { pendingAlert } from '../support/builders.js';
import {
  type Chance,
  createChance,
  generateCandles,
  type PlainCandle,
  proofScale,
  readSharedCandles,
  report,
} from '../support/candle-series.js';
import { condition, priceConditionNames } from '../support/conditions.js';
import { createMemoryPorts, createMemoryStore, runOf } from '../support/in-memory.js';
import { marketsOf } from '../support/markets-of.js';
import { metAt, provableAt, randomWish, type Trade, type Wish } from './condition-truth.js';
import { mostStaleMs } from './stage.js';
import { createTickSource, lastTick, type Ticks, ticksOf } from './tick-market.js';

interface Setting {
  readonly exchange: Exchange;
  readonly market?: MarketKind;
  readonly everyMs: number;
  readonly hours: number;
  /** Shares of the runs: that do not take place, whose exchange or whose candles fail, that are another instance's, that run twice. */
  readonly lost?: number;
  readonly failing?: number;
  readonly cold?: number;
  readonly twice?: number;
  /** Ranges in bulk are up to nine minutes older than they say. */
  readonly isStale?: boolean;
}

interface Armed {
  readonly wish: Wish;
  readonly alert: WaitingAlert;
  firedAt?: number;
}

const cent = 1_000_000;
const tradesOf = ({ at, price }: Ticks): Trade[] =>
  at.map((instant, index) => ({ at: instant, cents: Math.round((price[index] ?? 0) / cent) }));

/** The checks of some days, each alert armed by one of them; what fires is only written down. */
async function play(setting: Setting, candles: readonly PlainCandle[], chance: Chance) {
  const {
    exchange,
    market = 'spot',
    everyMs,
    hours,
    lost = 0,
    failing = 0,
    cold = 0,
    twice = 0,
    isStale = false,
  } = setting;
  const ticks = ticksOf(candles, chance);
  const trades = tradesOf(ticks);
  const begin = (candles[0]?.openAt ?? 0) + 25 * hourMs;
  const checks = Array.from(
    { length: Math.floor((hours * hourMs) / everyMs) },
    (_, run) => begin + run * everyMs + 1_000 + chance.below(50_000),
  ).filter(() => !chance.isHit(lost));
  let [now, isUp, hasCandles, staleMs] = [begin, true, true, 0];
  const symbols = ['BTCUSDT', 'ETHUSDT'];
  const { toExchangeSymbol, candleOffer } = marketsOf(exchange, market);
  const isFilled = candleOffer.hasEverySpan === true;
  // Two of the same price: a market alone is asked for its candles and no ranges.
  const source = createTickSource({
    ...{
      exchange,
      kind: market,
      ticks: new Map(symbols.map((symbol) => [toExchangeSymbol(symbol, true) ?? '', ticks])),
      hasDay: isFilled,
      fillsGaps: isFilled,
    },
    rangeLie: () => (isStale ? { staleMs } : undefined),
    now: () => now,
    isUp: () => isUp,
    hasCandles: () => hasCandles,
    lagMs: () => 0,
  });
  const store = createMemoryStore();
  const ports = { ...createMemoryPorts({ exchanges: [source], now: () => now, store }) };
  const armed = new Map<string, Armed>();
  let [before, history] = [noWatermarks, createCandleHistory()];
  const good: number[] = [];
  const perRun = (14 * 7 * proofScale) / checks.length;
  for (const at of checks) {
    now = at;
    isUp = !chance.isHit(failing);
    hasCandles = !chance.isHit(failing);
    staleMs = chance.below(mostStaleMs + 1);
    if (chance.isHit(cold)) history = createCandleHistory();
    const count = isUp ? Math.floor(perRun) + (chance.isHit(perRun % 1) ? 1 : 0) : 0;
    for (let each = 0; each < count && at < (checks.at(-1) ?? 0) - 6 * hourMs; each += 1) {
      const kind = priceConditionNames[chance.below(priceConditionNames.length)] ?? 'above';
      const wish = randomWish(chance, kind, trades[lastTick(ticks, at)]?.cents ?? 0);
      const id = `${kind} ${wish.target} at ${at}`;
      const asked = condition(`${kind} ${wish.target}`);
      const symbol = shownSymbol({ kind: market, symbol: symbols[armed.size % symbols.length] ?? '' });
      const named = { symbol, exchange: exchange.name };
      const alert = pendingAlert({ id, ...named, condition: asked, armedAt: at, createdAt: at });
      armed.set(id, { wish, alert });
      store.alerts.set(id, alert);
    }
    const waiting = () => [...store.alerts.values()].filter((alert) => alert.status === 'pending') as WaitingAlert[];
    const fire = async (alert: WaitingAlert) => {
      const known = armed.get(alert.id);
      if (known !== undefined) known.firedAt ??= at;
      store.alerts.delete(alert.id);
      return { alert };
    };
    const end = async (alert: WaitingAlert) => ({ alert, problems: [] });
    const known = { before, history, deliveries: { fire, noMoreFires: () => undefined, end } };
    // An overlapping run has read the same alerts.
    const listed = waiting();
    const results = await Promise.all(
      Array.from({ length: chance.isHit(twice) ? 2 : 1 }, () => checkMarkets(ports, listed, known, runOf())),
    );
    before = results.at(-1)?.watermarks ?? before;
    if (isUp && hasCandles) good.push(at);
  }
  return { armed: [...armed.values()], trades, good };
}

const spanOf = ({ exchange, market }: Setting): number =>
  marketsOf(exchange, market).candleOffer.spansMs[0] ?? minuteMs;

const troubled = { everyMs: 5 * minuteMs, hours: 24, lost: 0.1, failing: 0.15, cold: 0.3, twice: 0.2 };

const settings: readonly (Setting & { readonly name: string })[] = [
  { name: 'every minute, by the minute', exchange: exchanges.bybit, everyMs: minuteMs, hours: 8 },
  { name: 'every 5 minutes, by the minute', exchange: exchanges.bybit, everyMs: 5 * minuteMs, hours: 24 },
  { name: 'every hour, by the minute', exchange: exchanges.bybit, everyMs: hourMs, hours: 72 },
  { name: 'every minute, by the second', exchange: exchanges.binance, everyMs: minuteMs, hours: 8 },
  { name: 'every 5 minutes, by the second', exchange: exchanges.binance, everyMs: 5 * minuteMs, hours: 24 },
  { name: 'every hour, by the second', exchange: exchanges.binance, everyMs: hourMs, hours: 72 },
  { name: 'with outages, cold starts and overlapping runs, by the minute', exchange: exchanges.bybit, ...troubled },
  {
    ...{ name: 'every 5 minutes, by the second, the rolling windows stale', exchange: exchanges.binance },
    ...{ everyMs: 5 * minuteMs, hours: 24, isStale: true },
  },
  {
    ...{ name: 'every minute, with outages, cold starts and stale rolling windows', exchange: exchanges.binance },
    ...{ everyMs: minuteMs, hours: 8, lost: 0.1, failing: 0.15, cold: 0.3, twice: 0.2, isStale: true },
  },
  {
    ...{ name: "every 5 minutes, by the minute, the day's ranges stale", exchange: exchanges.coinbase },
    ...{ everyMs: 5 * minuteMs, hours: 24, isStale: true },
  },
  {
    ...{ name: 'every minute, with outages, cold starts and stale ranges of the day', exchange: exchanges.coinbase },
    ...{ everyMs: minuteMs, hours: 8, lost: 0.1, failing: 0.15, cold: 0.3, twice: 0.2, isStale: true },
  },
  { name: 'with outages, cold starts and overlapping runs, by the second', exchange: exchanges.binance, ...troubled },
  { name: 'with all of these, of a perpetual', exchange: exchanges.binance, market: 'perpetual', ...troubled },
];

interface Met {
  readonly met: number;
  /** The exchange's data shows it at no check. */
  readonly hidden: number;
  /** Not at the first check after it, but at a later one. */
  readonly late: number;
}

/** Of what was met, how much the exchange's data cannot show: by kind, and by candles and checks. */
const cannotBeShown = new Map<string, Map<string, Met>>();

function countMet(kind: string, setting: string, shown: 'in time' | 'late' | 'never'): void {
  const bySetting = cannotBeShown.get(kind) ?? new Map<string, Met>();
  const { met, hidden, late } = bySetting.get(setting) ?? { met: 0, hidden: 0, late: 0 };
  const counted = {
    met: met + 1,
    hidden: hidden + (shown === 'never' ? 1 : 0),
    late: late + (shown === 'late' ? 1 : 0),
  };
  cannotBeShown.set(kind, bySetting.set(setting, counted));
}

afterAll(() => {
  const names = [...new Set(settings.map(({ name }) => name))];
  const shares = [...cannotBeShown].map(([kind, bySetting]) => [
    kind,
    ...names.map((name) => {
      const { met, hidden, late } = bySetting.get(name) ?? { met: 0, hidden: 0, late: 0 };
      const percent = (count: number) => ((100 * count) / met).toFixed(0);
      return met === 0 ? '–' : `${percent(hidden)}, ${percent(late)} of ${met}`;
    }),
  ]);
  const columns = names.map((name, index) => `(${index + 1}) ${name}`).join('; ');
  report(
    `Percent of those met that the exchange's data never shows, and only at a later check than the first: ${columns}`,
  );
  for (const line of aligned([['', ...names.map((_, index) => `(${index + 1})`)], ...shares]).split('\n')) report(line);
});

const chance = createChance(11);
const shared = readSharedCandles();
const generated = generateCandles(chance, { count: 9_000, startAt: Date.UTC(2023, 2, 1) });

describe.each([
  { name: 'the real candles', candles: shared },
  { name: 'generated candles', candles: generated },
])('$name', ({ name, candles }) => {
  if (candles.length === 0) report(`${name} are not beside the checkout: skipped`);
  const prove = candles.length > 0 ? test : test.skip;

  prove.each(settings)('checked $name: every kind fires where it was met, and nowhere else', async (setting) => {
    const start = chance.below(Math.max(1, candles.length - (setting.hours + 30) * 60));
    const part = candles.slice(start, start + (setting.hours + 26) * 60).map((candle) => ({ ...candle }));
    const { armed, trades, good } = await play(setting, part, chance);
    const wrong: unknown[] = [];
    let [met, fired, hidden] = [0, 0, 0];
    const end = good.at(-1) ?? 0;
    for (const { wish, alert, firedAt } of armed) {
      const truly = metAt(wish, trades, alert.armedAt);
      const isMet = truly !== undefined && truly <= end;
      const provable = provableAt(wish, trades, alert.armedAt, good, spanOf(setting));
      if (isMet) met += 1;
      if (firedAt !== undefined) fired += 1;
      const isHidden = isMet && provable === undefined && firedAt === undefined;
      const inTime = good.find((check) => check >= (truly ?? Number.POSITIVE_INFINITY));
      const isShownLate = firedAt !== undefined && inTime !== undefined && firedAt > inTime;
      if (isMet) countMet(wish.kind, setting.name, isHidden ? 'never' : isShownLate ? 'late' : 'in time');
      if (isHidden) hidden += 1;
      const isEarly = firedAt !== undefined && (truly === undefined || truly > firedAt);
      // A range that did not know of it yet may have ruled it out: the first check that is past its age tells.
      const toldBy = setting.isStale
        ? good.find((at) => provable !== undefined && at >= provable + mostStaleMs)
        : provable;
      const isLate = toldBy !== undefined && (firedAt === undefined || firedAt > toldBy);
      if (isEarly || isLate) wrong.push({ id: alert.id, isEarly, isLate, truly, firedAt, provable });
    }
    const share = ((100 * hidden) / Math.max(1, met)).toFixed(1);
    report(
      `${name}, ${setting.name}: ${armed.length} alerts, ${met} met, ${fired} fired; ${share} % of those met cannot be shown`,
    );
    expect(wrong).toEqual([]);
    expect(fired).toBeGreaterThan(armed.length / 4);
    expect(armed.length - fired).toBeGreaterThan(0);
  });
});
