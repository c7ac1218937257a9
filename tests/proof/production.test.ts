import { describe, expect, test } from '@jest/globals';
import { exchanges } from '../../src/adapters/exchanges/registry.js';
import type { Trigger } from '../../src/domain/alert.js';
import type { ExchangeName, Market, MarketKind } from '../../src/domain/market.js';
import { askedSymbol } from '../../src/domain/symbol.js';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import { linesIn } from '../faults/told.js';
import { type Chance, createChance, proofScale, report, units, unitsText } from '../support/candle-series.js';
import { marketsOf } from '../support/markets-of.js';
import { seedsOf } from '../support/seeds.js';
import { createStage, type Played, type Row, type Scenario, type Stage, ticksBy } from './stage.js';
import type { Ticks } from './tick-market.js';
import { createWatch, furthest, isTrade, reaches, type Sight, standingPrice, type Wish } from './truth.js';

interface Counts {
  runs: number;
  alerts: number;
  fired: number;
  /** The price had gone again when it was told. */
  gone: number;
  /** Touched while the home exchange was down, told when it was back. */
  afterOutage: number;
  /** Told by the other exchange. */
  elsewhere: number;
  /** Not told at once, because a range was older than it said. */
  late: number;
  /** Runs in which a rolling window ruled out everything, and took the place of the prices. */
  atOnce: number;
}

const noCounts = (): Counts => ({
  runs: 0,
  alerts: 0,
  fired: 0,
  gone: 0,
  afterOutage: 0,
  elsewhere: 0,
  late: 0,
  atOnce: 0,
});

const sightOf = (name: ExchangeName, kind: MarketKind, ticks: Ticks): Sight => ({
  ticks,
  smallestSpanMs: marketsOf(exchanges[name], kind).candleOffer.spansMs[0] ?? 0,
  fillsGaps: name !== 'coinbase',
});

const minuteOf = (instant: number): string => new Date(instant).toISOString().slice(0, 16);

/** As the message words it: the day only where it is not today. */
function worded(instant: number, now: number): string {
  const [day, time] = minuteOf(instant).split('T');
  return minuteOf(now).startsWith(String(day)) ? `at ${time}` : `at ${day} ${time}`;
}

/** What the truth says of one alert in one run. */
interface Verdict {
  readonly wish: Wish;
  readonly ticks: Ticks;
  readonly market: Market;
  /** The first touch in the candles; undefined where there was none, or no candles came. */
  readonly touch: number | undefined;
  /** The last price is a touch. */
  readonly isStanding: boolean;
}

/** Names everything that is wrong with the facts of a fire. */
function wrongFacts(
  trigger: Trigger,
  { wish, ticks, market, touch, isStanding }: Verdict,
  played: Played,
  row: Row,
): string[] {
  const { at, seenTo, pushes } = played;
  const isToldThen =
    touch === undefined
      ? trigger.touchedAt === at && isStanding
      : minuteOf(trigger.touchedAt) === minuteOf(touch) &&
        trigger.touchedAt <= touch &&
        touch - trigger.touchedAt < minuteMs;
  const since = touch === undefined ? at : trigger.touchedAt;
  const standing = touch !== undefined && !isTrade(ticks, touch) ? [standingPrice(ticks, touch)] : [];
  const expected = [furthest(wish, ticks, since, seenTo), ...standing].reduce((a, b) =>
    wish.kind === 'above' ? Math.max(a, b) : Math.min(a, b),
  );
  const told = worded(touch ?? at, at);
  const asked = `${row.symbol} ${row.kind} ${unitsText(row.target)}, `;
  const isPushed = pushes.some(({ title, text }) =>
    linesIn({ title, message: text }) === undefined
      ? title.startsWith(`${row.symbol} ${row.kind}`) && text.includes(`${told} UTC, now `)
      : text.split('\n').some((line) => line.includes(asked) && line.includes(told)),
  );
  return [
    ...(isToldThen ? [] : ['the time of the touch']),
    ...(trigger.touchedAt >= wish.armedAt ? [] : ['a touch from before the alert was armed']),
    ...(units(trigger.price) === expected ? [] : [`how far it went, which is ${expected}`]),
    ...(trigger.lastPriceAt === at && units(trigger.lastPrice) === standingPrice(ticks, seenTo)
      ? []
      : ['the last price']),
    ...(JSON.stringify(trigger.market) === JSON.stringify(market) ? [] : ['the market']),
    ...(isPushed ? [] : ['the message']),
  ];
}

/** Plays the scenario to its end and compares each run, alert by alert, with the truth. */
async function prove(scenario: Scenario, chance: Chance): Promise<{ counts: Counts; faults: unknown[] }> {
  const { home, kind = 'spot', fallback } = scenario;
  const stage: Stage = createStage(scenario, chance);
  const counts = noCounts();
  const faults: unknown[] = [];
  // By arming: what its home exchange could tell of it.
  const watches = new Map<string, (until: number) => number | undefined>();
  let askedBefore = 0;
  let wasDown = false;

  function judge(row: Row, armedAt: number, played: Played): Verdict {
    const { isHomeUp, seenTo } = played;
    const wish: Wish = { kind: row.kind, target: row.target, armedAt };
    const key = `${row.id} armed at ${armedAt}`;
    const watch = watches.get(key) ?? createWatch(wish, sightOf(home, kind, ticksBy(stage.home, row.symbol)));
    watches.set(key, watch);
    const asked = isHomeUp ? home : (fallback ?? home);
    const ticks = ticksBy(isHomeUp || fallback === undefined ? stage.home : stage.other, row.symbol);
    const spelt = marketsOf(exchanges[asked], kind).toExchangeSymbol(askedSymbol(row.symbol).symbol, true) ?? '';
    const market = { exchange: asked, kind, symbol: spelt };
    if (!isHomeUp && fallback === undefined) return { wish, ticks, market, touch: undefined, isStanding: false };
    // Elsewhere nobody had looked while the home exchange was up; a window begins a minute before the run before.
    const since = Math.floor(askedBefore / minuteMs - 1) * minuteMs;
    const touchedBy = isHomeUp ? watch : createWatch(wish, sightOf(asked, kind, ticks), since);
    const touch = played.hasCandles(row.symbol) ? touchedBy(seenTo) : undefined;
    return { wish, ticks, market, touch, isStanding: reaches(wish, standingPrice(ticks, seenTo)) };
  }

  for (let played = await stage.play(); played !== undefined; played = await stage.play()) {
    counts.runs += 1;
    if (played.isRuledOutAtOnce) counts.atOnce += 1;
    const { isHomeUp, isShort, startedAt, rangeSeenTo, isRuledOutAtOnce } = played;
    const fault = (what: string, facts: object) => {
      faults.push({ what, at: new Date(startedAt).toISOString(), ...facts });
    };
    for (const { id, armedAt, trigger } of played.armed) {
      const row = stage.rows.get(id);
      if (row === undefined || armedAt !== row.armedAt) fault('armed at another time', { id, row, armedAt });
      if (row === undefined) continue;
      const verdict = judge(row, armedAt, played);
      const { touch, isStanding } = verdict;
      const isTouched = touch !== undefined || isStanding;
      // A range that did not know of it yet may have ruled it out: then the next check tells.
      const hasStood = isRuledOutAtOnce ? reaches(row, standingPrice(verdict.ticks, rangeSeenTo)) : isStanding;
      const isDue = hasStood || (touch !== undefined && touch <= rangeSeenTo);
      if (isTouched && isDue && trigger === undefined && !isShort) fault('missed', { row, touch, isStanding });
      if (!isTouched && trigger !== undefined) fault('fired without a touch', { row, trigger });
      if (isTouched && trigger === undefined && !isDue) counts.late += 1;
      if (!isTouched || trigger === undefined) continue;
      // With half of the candles at hand it may have looked touched a little later.
      const wrong = isShort ? [] : wrongFacts(trigger, verdict, played, row);
      if (wrong.length > 0) fault(`fired, but wrong: ${wrong.join(', ')}`, { row, touch, isStanding, trigger });
      counts.fired += 1;
      if (!isStanding) counts.gone += 1;
      if (!isHomeUp) counts.elsewhere += 1;
      if (isHomeUp && wasDown && touch !== undefined && touch < stage.downUntil) counts.afterOutage += 1;
    }
    if (isHomeUp || fallback !== undefined) askedBefore = played.at;
    wasDown = !isHomeUp;
  }
  counts.alerts = watches.size;
  return { counts, faults };
}

/** Then there is time for longer days and more cases: `npm run test:explore`, which draws the seeds. */
const isExplored = process.env.PROOF_SEED !== undefined || proofScale > 1;

const stale = { rangeLie: 'stale', expects: ['late'] } as const;
const hourly = { everyMs: hourMs, hours: 200 } as const;
const base = { home: 'binance', everyMs: 5 * minuteMs, hours: isExplored ? 24 : 16 } as const;
const everyMinute = { ...base, everyMs: minuteMs, hours: isExplored ? 8 : 6 };
const idle = { ...base, noRunHours: 9, hours: isExplored ? 100 : 40 };
const replaced = { ...base, downHours: 3, expects: ['elsewhere'] } as const;
const troubled = { ...base, failingShare: 0.3, noRunHours: 5, lagMs: 20_000, shortShare: 0.3 };

interface Case extends Scenario {
  /** What has to have happened in it, so that something is proved. */
  readonly expects?: readonly (keyof Counts)[];
}

const cases: readonly Case[] = [
  { ...everyMinute, name: 'Binance every minute' },
  { ...base, name: 'Binance every 5 minutes', expects: ['atOnce'] },
  { ...base, name: 'Bybit every 5 minutes', home: 'bybit' },
  { ...base, name: 'Coinbase every 5 minutes', home: 'coinbase' },
  { ...base, name: 'OKX every 5 minutes', home: 'okx' },
  { ...base, name: 'Coinbase every hour', home: 'coinbase', everyMs: hourMs, hours: 120 },
  { ...base, name: 'Binance, candle calls failing', failingShare: 0.4 },
  { ...base, name: 'Binance, answers up to 45 s old', lagMs: 45_000 },
  { ...idle, name: 'no runs for up to nine hours' },
  { ...idle, name: 'no runs for up to nine hours, and then no time', home: 'coinbase', shortShare: 0.5 },
  { ...base, name: 'Binance down for three hours', downHours: 3, expects: ['afterOutage'] },
  { ...replaced, name: 'Binance down for three hours, Bybit in its place', fallback: 'bybit' },
  { ...base, name: "Coinbase, the day's ranges up to nine minutes old", ...stale, home: 'coinbase' },
  { ...base, name: "Coinbase, the day's ranges of no market", rangeLie: 'empty', home: 'coinbase' },
  { ...base, name: "Coinbase, the day's ranges of every second market", rangeLie: 'partial', home: 'coinbase' },
  { ...base, name: "Coinbase, the day's ranges refused", rangeLie: 'refused', home: 'coinbase' },
  { ...base, name: 'Binance, its rolling window up to nine minutes old', ...stale, expects: ['late', 'atOnce'] },
  { ...base, name: 'Binance, its rolling window of no market', rangeLie: 'empty' },
  { ...base, name: 'Binance, its rolling window of every second market', rangeLie: 'partial' },
  { ...base, name: 'Binance, its rolling window refused', rangeLie: 'refused' },
  { ...troubled, name: 'everything at once', downHours: 3 },
  { ...troubled, name: 'Coinbase, everything at once, and stale ranges', ...stale, home: 'coinbase', downHours: 3 },
  { ...base, name: 'perpetuals of Binance every 5 minutes', kind: 'perpetual' },
  { ...base, name: 'perpetuals of Bybit every hour', kind: 'perpetual', home: 'bybit', everyMs: hourMs, hours: 100 },
  { ...replaced, name: 'perpetuals, OKX in the place of Binance', kind: 'perpetual', fallback: 'okx' },
  { ...troubled, name: 'perpetuals, everything at once', kind: 'perpetual', downHours: 3 },
];

/** Beside these, where there is time for them. */
const moreCases: readonly Case[] = [
  { ...base, name: 'Binance every hour', everyMs: hourMs, hours: 200 },
  { ...base, name: 'Coinbase, candle calls failing', home: 'coinbase', failingShare: 0.4 },
  { ...everyMinute, name: 'Bybit every minute, answers up to 45 s old', home: 'bybit', lagMs: 45_000 },
  { ...base, name: 'no runs for up to two days', everyMs: hourMs, noRunHours: 50, hours: 300 },
  { ...base, name: 'Coinbase down for three hours', home: 'coinbase', downHours: 3, expects: ['afterOutage'] },
  { ...replaced, name: 'Binance down for three hours, Coinbase in its place', fallback: 'coinbase' },
  {
    ...{ ...base, name: "Coinbase every hour, the day's ranges up to nine minutes old", ...stale },
    ...{ ...hourly, home: 'coinbase' },
  },
  { ...everyMinute, name: 'Binance every minute, its rolling window up to nine minutes old', ...stale },
  { ...base, name: 'Binance every hour, its rolling window up to nine minutes old', ...stale, ...hourly },
  { ...replaced, name: 'perpetuals, Bybit in the place of Binance', kind: 'perpetual', fallback: 'bybit' },
];

describe.each(seedsOf('PROOF_SEED'))('from seed %i on', (seed) => {
  test.each<Case>([...cases, ...(isExplored ? moreCases : [])])(
    '$name: what was touched since it was armed fires at the first check that can see it, and nothing else',
    async ({ expects = [], ...scenario }) => {
      const chance = createChance(seed);
      const total = noCounts();
      // Where nothing of the kind happened by chance, there is nothing proved yet.
      const isEnough = () => total.fired > 20 && total.gone > 0 && expects.every((each) => total[each] > 0);
      for (let round = 0; round < proofScale || (!isEnough() && round < proofScale + 20); round += 1) {
        const { counts, faults } = await prove(scenario, chance);
        expect({ seed, round, faults: faults.slice(0, 3) }).toEqual({ seed, round, faults: [] });
        for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key];
      }
      const { runs, alerts, fired, gone, afterOutage, elsewhere, late, atOnce } = total;
      report(
        `${scenario.name}, seed ${seed}: ${runs} runs, ${alerts} alerts armed, ${fired} fired (${gone} of them on a price that had gone, ${afterOutage} after the outage, ${elsewhere} elsewhere, ${late} told a check later), ${atOnce} runs ruled out by one rolling window, none missed, none false`,
      );
      expect(isEnough()).toBe(true);
    },
  );
});
