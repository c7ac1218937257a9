import type { Case } from './cases.js';
import type { FannedOut } from './fan-out.js';
import { latencyMs } from './latencies.js';
import type { Measured } from './measure.js';
import type { Started } from './startup.js';

/** `holds` undefined: the cases that it is about were not measured. */
export interface Hold {
  readonly claim: string;
  readonly measured: string;
  readonly holds: boolean | undefined;
}

type Find = (
  alerts: number,
  mood: Case['mood'],
  start: 'cold' | 'warm',
  program?: Case['program'],
  asks?: Case['asks'],
) => Measured | undefined;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

function atMost(
  claim: string,
  value: number | undefined,
  most: number,
  show = (ratio: number) => ratio.toFixed(2),
): Hold {
  if (value === undefined) return { claim, measured: 'not measured', holds: undefined };
  return { claim, measured: show(value), holds: value <= most };
}

function atLeast(claim: string, value: number | undefined, least: number): Hold {
  if (value === undefined) return { claim, measured: 'not measured', holds: undefined };
  return { claim, measured: `${value.toFixed(1)} ×`, holds: value >= least };
}

function ratio(
  of: Measured | undefined,
  to: Measured | undefined,
  pick: (each: Measured) => number,
): number | undefined {
  return of === undefined || to === undefined ? undefined : pick(of) / pick(to);
}

const sum = (requests: Measured['requests'], isMeant: (name: string) => boolean): number =>
  Object.entries(requests).reduce((count, [name, times]) => count + (isMeant(name) ? times : 0), 0);

/** How many of the exchanges in use tell the day's ranges in a call of its own. */
const offering = (requests: Measured['requests']): number => (requests['coinbase prices'] === undefined ? 0 : 1);

/** A large list is read in segments, the last page of each of which may be nearly empty. */
const mostMorePages = 3;

/** One sheet call, one list of prices an exchange, two writes, and half a unit for each 4 KB of alerts. */
function leanRun(all: readonly Measured[]): Hold {
  const claim =
    "a run with nothing changed: 1 sheet call, 1 bulk call an exchange in use and 1 for Coinbase's ranges, no candles, 2 writes (the checkpoint and the summary), reads at 0.5 unit per 4 KB";
  const quiet = all.filter(
    ({ program, asks, mood }) => program === 'trading-alerts' && asks === 'plain' && mood === 'quiet',
  );
  const wrong = quiet.filter(({ requests, listed, readUnits, exchangesInUse }) => {
    const writes = sum(requests, (name) => /PutItem|UpdateItem/.test(name));
    const bulk = sum(requests, (name) => name.endsWith(' prices'));
    const [ranges, candles] = [' ranges', ' candles'].map((end) => sum(requests, (name) => name.endsWith(end)));
    const pages = sum(requests, (name) => name.endsWith(' Query'));
    // Each page is rounded up to 4 KB; the checkpoint is read consistently, one unit.
    const units = 0.5 * (Math.ceil(listed.bytes / 4096) + pages - 1) + 1;
    return (
      requests.sheet !== 1 ||
      bulk !== exchangesInUse ||
      ranges !== offering(requests) ||
      candles !== 0 ||
      writes !== 2 ||
      pages > listed.pages + (listed.pages > 3 ? mostMorePages : 0) ||
      readUnits > units
    );
  });
  const shown = wrong.map(({ alerts, requests, readUnits }) => `${alerts}: ${JSON.stringify(requests)}, ${readUnits}`);
  return {
    claim,
    measured:
      quiet.length === 0
        ? 'not measured'
        : shown.join('; ') || `so at ${new Set(quiet.map(({ alerts }) => alerts)).size} sizes`,
    holds: quiet.length === 0 ? undefined : wrong.length === 0,
  };
}

/** Each exchange counts in its own way. */
function withinLimits(all: readonly Measured[]): Hold {
  const claim = 'every check within what each exchange allows an address';
  const ours = all.filter(({ program }) => program === 'trading-alerts');
  const shares = ours.flatMap(({ limits }) =>
    Object.entries(limits).map(([exchange, { used, most, unit }]) => ({ exchange, used, most, unit })),
  );
  const [worst] = shares.toSorted((a, b) => b.used / b.most - a.used / a.most);
  if (worst === undefined) return { claim, measured: 'not measured', holds: undefined };
  const { exchange, used, most, unit } = worst;
  return { claim, measured: `${exchange}: ${used} of ${most} ${unit}`, holds: used <= most };
}

function growth(find: Find, mood: Case['mood']): Hold[] {
  const [small, large] = [find(1_000, mood, 'warm'), find(100_000, mood, 'warm')];
  const said = mood === 'quiet' ? 'nothing firing' : '1 % firing';
  const times = (value: number) => `${value.toFixed(1)} × for 100 × the alerts`;
  return [
    atMost(
      `time from 1,000 to 100,000 alerts, ${said}`,
      ratio(large, small, ({ wallMs }) => wallMs),
      100,
      times,
    ),
    atMost(
      `memory from 1,000 to 100,000 alerts, ${said}`,
      ratio(large, small, ({ peakMb }) => peakMb),
      100,
      times,
    ),
  ];
}

const toExchanges = ({ requests }: Measured): number => sum(requests, (name) => / (prices|candles)$/.test(name));

/** The worst of what was measured. */
function mostRequests(find: Find): Hold {
  const claim = 'a hundred look-backs over 30 markets: at most 2 × the requests to exchanges of plain alerts';
  const ratios = (['quiet', 'in-range'] as const).flatMap((mood) =>
    (['cold', 'warm'] as const).flatMap((start) => {
      const [plain, asked] = [find(100, mood, start), find(100, mood, start, 'trading-alerts', 'look-backs')];
      if (plain === undefined || asked === undefined) return [];
      const [to, of] = [toExchanges(plain), toExchanges(asked)];
      return [{ value: of / to, shown: `${of} to ${to} ${mood}, ${start}` }];
    }),
  );
  const worst = ratios.toSorted((a, b) => b.value - a.value)[0];
  return atMost(claim, worst?.value, 2, (value) => `${value.toFixed(2)} ×: ${worst?.shown}`);
}

/** What kinds beside above and below may cost, and what those cost that remember. */
function conditionsHold(find: Find): Hold[] {
  const written = (mood: Case['mood']): number | undefined => {
    const trails = find(10_000, mood, 'warm', 'trading-alerts', 'trails');
    return trails && sum(trails.requests, (name) => name.endsWith('UpdateItem'));
  };
  const [said, shown] = ['10,000 trails over 1,000 markets', (items: number) => `${items} written`];
  const times = (value: number): string => `${value.toFixed(2)} ×`;
  const toPlain = (start: 'cold' | 'warm', asks: Case['asks']) =>
    ratio(find(10_000, 'quiet', start, 'trading-alerts', asks), find(10_000, 'quiet', start), ({ wallMs }) => wallMs);
  return [
    ...(['warm', 'cold'] as const).map((start) =>
      atMost(
        `10,000 alerts of every kind over 1,000 markets, nothing firing, ${start}: at most 1.5 × the time of plain ones`,
        toPlain(start, 'mixed'),
        1.5,
        times,
      ),
    ),
    mostRequests(find),
    atMost(
      `${said}, nothing firing, warm: at most 1.5 × the time of plain ones`,
      toPlain('warm', 'trails'),
      1.5,
      times,
    ),
    atMost(`${said}: nothing is written where no extreme is new`, written('quiet'), 0, shown),
    atMost(`… and an item for each of those whose extreme is new`, written('new-extremes'), 100, shown),
  ];
}

/** What the columns for answers cost where there is nothing to write, and what writing them takes beside its two calls. */
function answersHold(find: Find): Hold[] {
  const [plain, answered] = [
    find(10_000, 'quiet', 'warm'),
    find(10_000, 'quiet', 'warm', 'trading-alerts', 'answered'),
  ];
  const [plainFires, fires] = [
    find(10_000, 'one-percent', 'warm'),
    find(10_000, 'one-percent', 'warm', 'trading-alerts', 'answered'),
  ];
  const without = fires && { ...fires, wallMs: fires.wallMs - 2 * latencyMs.sheet };
  const wall = ({ wallMs }: Measured) => wallMs;
  const times = (value: number): string => `${value.toFixed(2)} ×`;
  const said = '10,000 rows with answer columns, warm';
  return [
    atMost(`${said}, nothing to write: at most 1.15 × the time without`, ratio(answered, plain, wall), 1.15, times),
    atMost(
      `${said}, 1 % firing, beside the two calls: at most 1.15 × the time without`,
      ratio(without, plainFires, wall),
      1.15,
      times,
    ),
    atMost(
      `${said}: at most 40 MB more, all answers written by the check before`,
      answered && plain && answered.peakMb - plain.peakMb,
      40,
      (mb) => `${mb.toFixed(0)} MB`,
    ),
  ];
}

/** What the list, the sheet and the alerts of a very large table may take; fires of one are the fan-out's matter. */
function veryLargeHold(find: Find, fannedOut: readonly FannedOut[]): Hold[] {
  const rung = fannedOut.find(({ alerts, isOn }) => alerts === 100_000 && isOn);
  const quiet = find(100_000, 'quiet', 'warm');
  const said = '100,000 alerts, warm, nothing firing';
  return [
    atMost(`${said}: within 6 s`, quiet?.wallMs, 6_000, seconds),
    atMost(`${said}: within 300 MB`, quiet?.peakMb, 300, (mb) => `${mb.toFixed(0)} MB`),
    atMost('100,000 alerts, 1 % firing, fan-out on: the check ends within 12 s', rung?.checkMs, 12_000, seconds),
  ];
}

export function holdsOf(
  all: readonly Measured[],
  fannedOut: readonly FannedOut[],
  started: Started | undefined,
): readonly Hold[] {
  const find: Find = (alerts, mood, start, program = 'trading-alerts', asks = 'plain') =>
    all.find(
      (each) =>
        each.alerts === alerts &&
        each.mood === mood &&
        each.isCold === (start === 'cold') &&
        each.program === program &&
        each.asks === asks,
    );
  const small = find(100, 'quiet', 'warm');
  const atOnce = find(100, 'all', 'warm');
  const storm = find(100, 'all', 'warm', 'trading-alerts', 'one-user');
  const planned = find(100, 'quiet', 'warm', 'as-planned');
  const large = all.filter(({ program, alerts }) => program === 'trading-alerts' && alerts === 10_000);
  const most = (pick: (each: Measured) => number) => (large.length === 0 ? undefined : Math.max(...large.map(pick)));
  const wall = ({ wallMs }: Measured) => wallMs;
  const plansMonth = planned?.month.withoutSecretAndFreeTier;
  return [
    atMost('100 alerts, warm, nothing firing: at most 1.1 × the chain', small && small.wallMs / small.limitMs, 1.1),
    atLeast('… and at least 3 × faster than the plan as written', ratio(planned, small, wall), 3),
    atLeast(
      '10,000 alerts over 1,000 markets, cold: at least 20 × faster than the plan as written',
      ratio(find(10_000, 'quiet', 'cold', 'as-planned'), find(10_000, 'quiet', 'cold'), wall),
      20,
    ),
    atMost('10,000 alerts, warm, nothing firing: under 1.5 s', find(10_000, 'quiet', 'warm')?.wallMs, 1_500, seconds),
    withinLimits(all),
    atMost('10,000 alerts: every case under 15 s', most(wall), 15_000, seconds),
    atMost(
      '10,000 alerts: every case under 256 MB',
      most(({ peakMb }) => peakMb),
      256,
      (mb) => `${mb.toFixed(0)} MB`,
    ),
    atMost('100 alerts firing at once: at most 1.2 × the chain', atOnce && atOnce.wallMs / atOnce.limitMs, 1.2),
    atMost('100 alerts of one user firing at once: in 2.5 s', storm?.wallMs, 2_500, seconds),
    atMost('… and at most 10 pushes', storm?.requests.pushover, 10, String),
    ...conditionsHold(find),
    ...answersHold(find),
    ...veryLargeHold(find, fannedOut),
    ...growth(find, 'quiet'),
    ...growth(find, 'one-percent'),
    leanRun(all),
    atMost(
      "the month's cost at 100 alerts, without the secret: at most the plan's own",
      plansMonth && small && small.month.withoutSecretAndFreeTier / plansMonth,
      1,
      () => `$${small?.month.withoutSecretAndFreeTier.toFixed(3)} to $${plansMonth?.toFixed(3)}`,
    ),
    ...(started === undefined
      ? []
      : [
          atMost('loading the bundle: at most 1.3 × its usual packages alone', started.ratio, 1.3),
          atMost('the bundle: under 900 KB', started.bundleKb, 900, (kb) => `${kb.toFixed(0)} KB`),
        ]),
  ];
}
