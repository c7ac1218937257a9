import Table from 'cli-table3';
import { listIn } from '../support/text-table.js';
import type { Case } from './cases.js';
import type { FannedOut } from './fan-out.js';
import type { Hold } from './holds.js';
import { lambda } from './lab.js';
import type { Measured } from './measure.js';
import type { PriceStep } from './price-step.js';
import type { Started } from './startup.js';

export interface Report {
  readonly machine: string;
  readonly measured: readonly Measured[];
  readonly fannedOut: readonly FannedOut[];
  readonly priceStep: readonly PriceStep[] | { readonly skipped: string } | undefined;
  readonly startUp: Started | { readonly skipped: string } | undefined;
  readonly holds: readonly Hold[];
}

const moods: Readonly<Record<Case['mood'], string>> = {
  quiet: 'nothing',
  'one-percent': '1 %',
  'in-range': 'nothing, all near',
  all: 'all at once',
  'new-extremes': 'nothing, new extremes',
};

const milliseconds = (ms: number): string => ms.toLocaleString('en', { maximumFractionDigits: 0 });
const dollars = (amount: number): string => amount.toFixed(amount < 10 ? 3 : 2);

function plain(head: readonly string[], rows: readonly (readonly (string | number)[])[], left = 2): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, column) => (column < left ? 'left' : 'right')),
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

function sumOf(requests: Measured['requests'], pattern: RegExp): number {
  return Object.entries(requests).reduce((sum, [name, count]) => sum + (pattern.test(name) ? count : 0), 0);
}

const startOf = ({ isCold }: Measured): string => (isCold ? 'cold' : 'warm');

function timesTable(all: readonly Measured[]): string {
  const head = [
    ...listIn('program, asking, firing, start, alerts, markets, ms, limit'),
    ...listIn('ratio, CPU ms, MB, ms on Lambda, runs'),
  ];
  const rows = all.map((each) => [
    each.program,
    each.asks,
    moods[each.mood],
    startOf(each),
    each.alerts.toLocaleString('en'),
    each.markets.toLocaleString('en'),
    milliseconds(each.wallMs),
    milliseconds(each.limitMs),
    (each.wallMs / each.limitMs).toFixed(2),
    milliseconds(each.cpuMs),
    each.peakMb.toFixed(0),
    milliseconds(each.lambdaMs),
    each.runs,
  ]);
  return plain(head, rows, 4);
}

function fanOutTable(all: readonly FannedOut[]): string {
  const head = listIn('alerts, fan-out, fires, check ms, until all is told, channel alone, pushes, workers, $ a month');
  const rows = all.map((each) => [
    each.alerts.toLocaleString('en'),
    each.isOn ? 'on' : 'off',
    each.fires,
    milliseconds(each.checkMs),
    milliseconds(each.untilToldMs),
    milliseconds(each.channelMs),
    each.pushes,
    each.workers,
    dollars(each.monthCost),
  ]);
  return `${plain(head, rows)}
1 % of the alerts fires at every check, warm; the workers are two processes behind a real queue. "channel alone": what
Pushover's two connections take for the pushes. A month is without any free tier, with the polls of the idle queue.`;
}

function requestsTable(all: readonly Measured[]): string {
  const head = [
    ...listIn('program, asking, firing, start, alerts, access, sheet, prices, ranges'),
    ...listIn('candles, pushes, table reads, table writes, read units, write units, $ a month, without free tier'),
  ];
  const rows = all.map((each) => [
    each.program,
    each.asks,
    moods[each.mood],
    startOf(each),
    each.alerts.toLocaleString('en'),
    sumOf(each.requests, /^(secret|token)$/),
    sumOf(each.requests, /^sheet$/),
    sumOf(each.requests, / prices$/),
    sumOf(each.requests, / ranges$/),
    sumOf(each.requests, / candles$/),
    sumOf(each.requests, /^pushover$/),
    sumOf(each.requests, /Query|GetItem/),
    sumOf(each.requests, /PutItem|UpdateItem/),
    each.readUnits.toLocaleString('en'),
    each.writeUnits.toLocaleString('en'),
    dollars(each.month.withoutSecret),
    dollars(each.month.withoutSecretAndFreeTier),
  ]);
  return plain(head, rows, 4);
}

function chainLines(all: readonly Measured[]): string {
  const lines = all.map(({ alerts, mood, asks, chain, limitMs, isCold }) => {
    const links = chain.map(({ name, ms }) => `${name} ${milliseconds(ms)}`).join(' → ');
    return `  ${alerts.toLocaleString('en')} ${asks}, ${moods[mood]}, ${isCold ? 'cold' : 'warm'}: ${links} = ${milliseconds(limitMs)} ms`;
  });
  return [...new Set(lines)].join('\n');
}

/** What each size and mood takes of what an exchange allows, by the exchange's own count. */
function limitLines(all: readonly Measured[]): string {
  const ours = all.filter(({ program }) => program === 'trading-alerts');
  const lines = ours.map(({ alerts, mood, isCold, limits }) => {
    const shares = Object.entries(limits).map(
      ([exchange, { used, most, unit }]) => `${exchange} ${used} of ${most} ${unit}`,
    );
    return `  ${alerts.toLocaleString('en')}, ${moods[mood]}, ${isCold ? 'cold' : 'warm'}: ${shares.join(', ')}`;
  });
  return lines.join('\n');
}

function priceLines(steps: Report['priceStep']): string {
  if (steps === undefined) return '';
  if ('skipped' in steps) return `\nThe price step against ccxt: skipped, ${steps.skipped}\n`;
  const rows = steps.map(({ program, markets, wallMs, cpuMs, peakMb }) => [
    program,
    markets.toLocaleString('en'),
    ...[wallMs, cpuMs, peakMb].map(milliseconds),
  ]);
  return `\nThe price step alone, warm\n${plain(['program', 'markets', 'ms', 'CPU ms', 'MB'], rows, 1)}\n`;
}

function startLines(started: Report['startUp']): string {
  if (started === undefined) return '';
  if ('skipped' in started) return `\nStart-up: skipped, ${started.skipped}\n`;
  const { node, runs, bundleKb, bundleMs, referenceKb, referenceMs, ratio } = started;
  const rows = [
    ['trading-alerts', bundleKb.toFixed(0), bundleMs.toFixed(1), ratio.toFixed(2)],
    ['its usual packages alone', referenceKb.toFixed(0), referenceMs.toFixed(1), '1'],
  ];
  return `\nStart-up on Node ${node}, medians of ${runs} loads in turns\n${plain(['bundle', 'KB', 'ms to load', 'ratio'], rows, 1)}\n`;
}

const verdict = ({ holds }: Hold): string => (holds === undefined ? 'not measured' : holds ? 'holds' : 'does not hold');

function checksText(measured: readonly Measured[]): string {
  if (measured.length === 0) return '';
  return `
${timesTable(measured)}
"limit" is the longest chain of round trips that the check cannot do without. Two of them are there for a promise: the
alerts are listed before the sheet is read, since an older sheet would undo what an overlapping check took from a newer
one; and a fire stands in the history before it is committed, so that none that was told is missing there:
${chainLines(measured)}
Services: this project's simulators, their long answers made beforehand. DynamoDB: a store that speaks its protocol and
counts its units; the emulator takes seconds over ten thousand alerts, so that it would be what is measured.
"nothing": every target lies outside the day's range, as all do in steady use but those armed within the day; "all near":
none does: Binance's rolling window rules them out, and elsewhere only candles do. "MB" is the most that the process held; "ms on Lambda" counts the processor's
time at the share that comes with 512 MB, ${lambda.cpuShare.toFixed(2)} of one. What waits for minutes ran beside each
other: 1 % of 100,000 alerts, and the plan at 10,000. At 100,000 the plan is left out: twenty minutes of price requests.

${requestsTable(measured)}
A month is 8,760 checks, one every five minutes: DynamoDB, Lambda (512 MB, arm64) and the reads of the secret at the list
prices of us-east-1. Not in it: the secret itself ($0.40, trading-alerts only), logs, metrics and alarms.
What a check takes of the limits of each exchange:
${limitLines(measured)}
`;
}

/** For people; `--json` gives the same for programs. */
export function reportText({ machine, measured, fannedOut, priceStep, startUp, holds }: Report): string {
  const held = plain(
    ['must hold', 'measured', ''],
    holds.map((each) => [each.claim, each.measured, verdict(each)]),
    3,
  );
  return `${machine}\n${checksText(measured)}${fannedOut.length === 0 ? '' : `\n${fanOutTable(fannedOut)}\n`}${priceLines(priceStep)}${startLines(startUp)}\n${held}\n`;
}
