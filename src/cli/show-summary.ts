import { shownPrice } from '../domain/price.js';
import type { Summary } from '../flows/summary.js';
import { aligned, shownInstant } from './print.js';

const counted = (counts: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count)
    .map(([what, count]) => `${count} ${what.replaceAll('-', ' ')}`)
    .join(', ') || 'none';

const isSame = (now: readonly object[], before: readonly object[] | undefined): boolean =>
  JSON.stringify(now) === JSON.stringify(before);

/** Told again at every check, the same lines would hide what is new. */
function newRows(
  what: string,
  now: readonly object[],
  before: readonly object[] | undefined,
  rows: string[][],
): string[] {
  if (rows.length === 0) return [];
  return isSame(now, before) ? [`         ${rows.length} ${what}, as before`] : [aligned(rows, '         ')];
}

function sheetLines({ sheet }: Summary, before: Summary | undefined): string[] {
  const count = `${sheet.rows} ${sheet.rows === 1 ? 'row' : 'rows'}`;
  const { rowErrors } = sheet;
  const wrong = rowErrors.map(({ row, message }) => [`row ${row}`, message]);
  return [
    `Sheet    ${sheet.status === 'ok' ? `read, ${count}` : `${sheet.status}: ${sheet.message}`}`,
    ...sheet.warnings.map((warning) => `         note: ${warning}`),
    ...newRows('wrong rows', rowErrors, before?.sheet.rowErrors, wrong),
  ];
}

const cellCount = (count: number): string => `${count} ${count === 1 ? 'cell' : 'cells'}`;

function answerLines({ sheet: { answers } }: Summary, before: Summary | undefined): string[] {
  if (answers === undefined || answers.written + answers.refused.length === 0) return [];
  const refused = answers.refused.map((each) => ({ each }));
  const refusedBefore = before?.sheet.answers?.refused.map((each) => ({ each }));
  const rows = answers.refused.map((each) => [each]);
  return [`Answers  ${cellCount(answers.written)} written`, ...newRows('not written', refused, refusedBefore, rows)];
}

function marketLines({ markets }: Summary, before: Summary | undefined): string[] {
  const { checked, failed } = markets;
  const rows = failed.map(({ exchange, symbol, reason }) => [exchange, symbol, reason]);
  return [`Markets  ${checked} checked`, ...newRows('without a price', failed, before?.markets.failed, rows)];
}

/** Only what is not up; a market's own failure is told above. */
const exchangeLines = ({ exchanges }: Summary): string[] =>
  exchanges.flatMap(({ exchange, state, since, reason }) =>
    state === 'up' ? [] : [`         ${exchange} is ${state} since ${shownInstant(since ?? 0)}: ${reason}`],
  );

function firedLines({ fired }: Summary): string[] {
  if (fired.length === 0) return ['Fired    nothing'];
  const rows = fired.map((each) => [
    `${each.symbol} ${each.condition} ${each.targetPrice}`,
    each.exchange,
    `touched ${shownPrice(each.price)}`,
    shownInstant(each.touchedAt),
    each.outcome,
    each.detail ?? '',
  ]);
  return [`Fired    ${fired.length}`, aligned(rows, '         ')];
}

const untoldLines = ({ untold }: Summary): string[] =>
  untold.map(({ user, channel, outcome, alerts, detail }) => {
    const what = outcome === 'rejected' ? 'refused' : 'given up';
    const howMany = alerts === 1 ? '' : ` (${alerts} alerts)`;
    return `Not told ${user} on ${channel}, ${what}${howMany}: ${detail ?? 'it gave no reason'}`;
  });

const shownAge = (seconds: number): string => (seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`);

/** The answer of a check for people; what is as it was in the answer `before` is only counted. */
export function shownSummary(summary: Summary, before?: Summary): string {
  const { left, undelivered } = summary;
  const took = `${(summary.durationMs / 1000).toFixed(1)} s`;
  return [
    `Check of ${shownInstant(summary.startedAt)}, ${took}${summary.dryRun ? ' (dry run: nothing written, nothing pushed)' : ''}`,
    ...sheetLines(summary, before),
    `Alerts   ${counted(summary.alerts)}`,
    ...marketLines(summary, before),
    ...exchangeLines(summary),
    `Silent   ${counted(summary.silent)}`,
    ...firedLines(summary),
    ...untoldLines(summary),
    ...answerLines(summary, before),
    ...(undelivered.count > 0
      ? [
          `Waiting  ${undelivered.count} not yet accepted by every channel, the oldest since ${shownAge(undelivered.oldestSeconds)}`,
        ]
      : []),
    ...(left.rows + left.markets + left.pushes > 0 ? [`Left     for the next run: ${counted(left)}`] : []),
    ...summary.problems.map((problem) => `Problem  ${problem}`),
    ...summary.advice.map((advice) => `Advice   ${advice}`),
  ].join('\n');
}
