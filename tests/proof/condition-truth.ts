import type { Chance } from '../support/candle-series.js';
import type { PriceConditionName } from '../support/conditions.js';

/** A trade, in ms and whole cents: nothing here shares arithmetic with the production code. */
export interface Trade {
  readonly at: number;
  readonly cents: number;
}

type Facts = Readonly<Record<string, number | boolean>>;

/** What one price after another does to a condition that looks at no clock. */
interface Machine {
  start(cents: number): Facts;
  step(facts: Facts, cents: number): Facts;
  isMet(before: Facts, cents: number): boolean;
}

/** A condition as its words in the table say it. */
export interface Wish {
  readonly kind: PriceConditionName;
  readonly target: string;
  readonly machine?: Machine;
  readonly lookBack?: { readonly ms: number; readonly isFar: (earlier: number, later: number) => boolean };
}

const text = (cents: number): string => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;

const anyPrice = (isThere: (cents: number) => boolean): Machine => ({
  start: () => ({}),
  step: (facts) => facts,
  isMet: (_facts, cents) => isThere(cents),
});

type Zone = (cents: number) => boolean;

/** From one zone into another; several ways may be looked at together. */
function ways(...each: readonly (readonly [from: Zone, to: Zone])[]): Machine {
  const step = (facts: Facts, cents: number): Facts => {
    const isNew = each.some(([from], index) => facts[index] !== true && from(cents));
    return isNew
      ? Object.fromEntries(each.map(([from], index) => [index, facts[index] === true || from(cents)]))
      : facts;
  };
  return {
    start: (cents) => step({}, cents),
    step,
    isMet: (facts, cents) => each.some(([, to], index) => facts[index] === true && to(cents)),
  };
}

const trail = (isFall: boolean, isFar: (extreme: number, cents: number) => boolean): Machine => {
  const further = isFall ? Math.max : Math.min;
  return {
    start: (cents) => ({ extreme: cents }),
    step: ({ extreme }, cents) => ({ extreme: further(Number(extreme), cents) }),
    isMet: ({ extreme }, cents) => isFar(further(Number(extreme), cents), cents),
  };
};

/** `points` are hundredths of a percent. */
const isUp = (points: number) => (from: number, to: number) => to * 10_000 >= from * (10_000 + points);
const isDown = (points: number) => (from: number, to: number) => to * 10_000 <= from * (10_000 - points);

/** Near enough to the price that many are met within days, and some not. */
export function randomWish(chance: Chance, kind: PriceConditionName, cents: number): Wish {
  const level = Math.round(cents * (1 + chance.between(-0.02, 0.02)));
  const top = level + Math.round(cents * chance.between(0.0005, 0.01));
  const [isInside, isBelow, isAbove]: Zone[] = [
    (price) => price >= level && price <= top,
    (price) => price < level,
    (price) => price > level,
  ] as [Zone, Zone, Zone];
  const isOutside: Zone = (price) => !isInside?.(price);
  const band = `${text(level)}..${text(top)}`;
  const points = 5 + chance.below(chance.isHit(0.5) ? 60 : 250);
  const percent = `${points / 100}%`;
  // About a whole day is what the day's range alone does not cover.
  const isOfDay = chance.isHit(0.05);
  const minutes = isOfDay ? 1440 - chance.below(40) : 1 + chance.below(120);
  const off = points + (isOfDay ? 150 + chance.below(350) : 0);
  const inTime = `${off / 100}% in ${minutes}m`;
  const within = (isFar: (earlier: number, later: number) => boolean) => ({ ms: minutes * 60_000, isFar });
  const up = [isBelow, (price: number) => price >= level] as [Zone, Zone];
  const down = [isAbove, (price: number) => price <= level] as [Zone, Zone];
  const wishes: Readonly<Record<PriceConditionName, Omit<Wish, 'kind'>>> = {
    above: { target: text(level), machine: anyPrice((price) => price >= level) },
    below: { target: text(level), machine: anyPrice((price) => price <= level) },
    crosses: { target: text(level), machine: ways(up, down) },
    'crosses up': { target: text(level), machine: ways(up) },
    'crosses down': { target: text(level), machine: ways(down) },
    inside: { target: band, machine: anyPrice(isInside as Zone) },
    outside: { target: band, machine: anyPrice(isOutside) },
    enters: { target: band, machine: ways([isOutside, isInside as Zone]) },
    leaves: { target: band, machine: ways([isInside as Zone, isOutside]) },
    rises: { target: inTime, lookBack: within(isUp(off)) },
    falls: { target: inTime, lookBack: within(isDown(off)) },
    moves: { target: inTime, lookBack: within((a, b) => isUp(off)(a, b) || isDown(off)(a, b)) },
    'falls from high': { target: percent, machine: trail(true, isDown(points)) },
    'rises from low': { target: percent, machine: trail(false, isUp(points)) },
  };
  return { kind, ...wishes[kind] };
}

const indexAfter = (trades: readonly Trade[], instant: number): number => {
  let [low, high] = [0, trades.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((trades[middle] as Trade).at <= instant) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** When the condition was first met, trade by trade. The price that stood at the arming counts as traded then. */
export function metAt(wish: Wish, trades: readonly Trade[], armedAt: number): number | undefined {
  const next = indexAfter(trades, armedAt);
  const standing: Trade = { at: armedAt, cents: (trades[next - 1] as Trade).cents };
  const { machine, lookBack } = wish;
  if (machine !== undefined) {
    let facts = machine.start(standing.cents);
    if (machine.isMet(facts, standing.cents)) return armedAt;
    facts = machine.step(facts, standing.cents);
    for (let each = next; each < trades.length; each += 1) {
      const { at, cents } = trades[each] as Trade;
      if (machine.isMet(facts, cents)) return at;
      facts = machine.step(facts, cents);
    }
    return undefined;
  }
  if (lookBack === undefined) return undefined;
  // What stood when the stretch began was a price of the stretch.
  let from = Math.max(0, indexAfter(trades, armedAt - lookBack.ms) - 1);
  for (let index = next - 1; index < trades.length; index += 1) {
    const later = index < next ? standing : (trades[index] as Trade);
    while (from + 1 < trades.length && (trades[from + 1] as Trade).at <= later.at - lookBack.ms) from += 1;
    const to = index < next ? next : index;
    for (let each = from; each < to; each += 1) {
      if (lookBack.isFar((trades[each] as Trade).cents, later.cents)) return later.at;
    }
  }
  return undefined;
}

interface Bar {
  readonly openAt: number;
  readonly prices: readonly [open: number, high: number, low: number, close: number];
}

function barsOf(trades: readonly Trade[], spanMs: number): Bar[] {
  const bars: { openAt: number; prices: [number, number, number, number] }[] = [];
  for (const { at, cents } of trades) {
    const openAt = Math.floor(at / spanMs) * spanMs;
    const last = bars.at(-1);
    if (last?.openAt !== openAt) bars.push({ openAt, prices: [cents, cents, cents, cents] });
    else {
      const { prices } = last;
      if (cents > prices[1]) prices[1] = cents;
      if (cents < prices[2]) prices[2] = cents;
      prices[3] = cents;
    }
  }
  return bars;
}

const barsKnown = new WeakMap<readonly Trade[], Map<number, readonly Bar[]>>();

/** Of a series that thousands of alerts are judged on: made once. */
function allBarsOf(trades: readonly Trade[], spanMs: number): readonly Bar[] {
  const bySpan = barsKnown.get(trades) ?? new Map<number, readonly Bar[]>();
  const bars = bySpan.get(spanMs) ?? barsOf(trades, spanMs);
  barsKnown.set(trades, bySpan.set(spanMs, bars));
  return bars;
}

const firstFrom = (bars: readonly Bar[], instant: number): number => {
  let [low, high] = [0, bars.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bars[middle] as Bar).openAt < instant) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Both orders that four prices leave open: what happens in both of them happened. */
const ordersOf = ({ prices: [open, high, low, close] }: Bar): readonly (readonly number[])[] => [
  [open, low, high, close],
  [open, high, low, close],
];

/**
 * The first of the checks that could know: from the price that stood at the arming, and the candles of `spanMs` that
 * began since, as far as each had come.
 */
export function provableAt(
  wish: Wish,
  trades: readonly Trade[],
  armedAt: number,
  checks: readonly number[],
  spanMs: number,
): number | undefined {
  const standing = (trades[indexAfter(trades, armedAt) - 1] as Trade).cents;
  const firstOpen = Math.ceil(armedAt / spanMs) * spanMs;
  const { machine, lookBack } = wish;
  const backFrom = firstOpen - (lookBack?.ms ?? 0) - 2 * spanMs;
  const bars = allBarsOf(trades, spanMs);
  const oldest = firstFrom(bars, backFrom);
  const first = firstFrom(bars, firstOpen);
  let facts = machine?.start(standing) ?? {};
  const isMetBy = (bar: Bar, index: number): boolean => {
    if (machine !== undefined) {
      return ordersOf(bar).every((order) => {
        let at = facts;
        return order.some((cents) => {
          const isMet = machine.isMet(at, cents);
          at = machine.step(at, cents);
          return isMet;
        });
      });
    }
    if (lookBack === undefined) return false;
    const end = bar.openAt + spanMs - 1;
    const [, high, low] = bar.prices;
    for (let each = index - 1; each >= oldest && end - (bars[each] as Bar).openAt <= lookBack.ms; each -= 1) {
      const [, highBefore, lowBefore] = (bars[each] as Bar).prices;
      if (lookBack.isFar(highBefore, high) || lookBack.isFar(lowBefore, high)) return true;
      if (lookBack.isFar(highBefore, low) || lookBack.isFar(lowBefore, low)) return true;
    }
    return (
      spanMs - 1 <= lookBack.ms &&
      ordersOf(bar).every((order) =>
        order.some((to, at) => order.slice(0, at).some((from) => lookBack.isFar(from, to))),
      )
    );
  };
  let next = first;
  for (const check of checks) {
    if (check < armedAt) continue;
    if (machine !== undefined && check === armedAt && machine.isMet(facts, standing)) return check;
    while (next < bars.length && (bars[next] as Bar).openAt + spanMs <= check) {
      const bar = bars[next] as Bar;
      if (isMetBy(bar, next)) return check;
      if (machine !== undefined) facts = bar.prices.reduce((at, cents) => machine.step(at, cents), facts);
      next += 1;
    }
    const growing = bars[next];
    if (growing === undefined || growing.openAt > check) continue;
    const soFar = trades.slice(indexAfter(trades, growing.openAt - 1), indexAfter(trades, check));
    const [bar] = barsOf(soFar, spanMs);
    if (bar !== undefined && isMetBy(bar, next)) return check;
  }
  return undefined;
}
