import type {
  BacktestLine,
  DoctorSection,
  FundingView,
  HistoryEntry,
  StatusView,
} from '../../src/page/protocol-views.js';
import { market } from './page-state.js';

const hour = 3_600_000;

const alertOf = (alertId: string, symbol: string, condition: string, target: string) => ({
  ...{ alertId, symbol, condition, target, user: alertId === 'doge' ? 'dmitry' : 'default' },
  ...{ name: alertId === 'btc' ? 'Out of the range' : '', fields: [] },
});

/** Two days of it: fires with every outcome, and changes of rows. */
export function historyOf(now: number): HistoryEntry[] {
  const btc = alertOf('btc', 'BTCUSDT', 'above', '95500');
  const doge = alertOf('doge', 'DOGEUSDT', 'above', '0.4125');
  return [
    { ...btc, target: '96500', at: now - hour, what: 'changed', fields: ['condition', 'notes'] },
    {
      ...btc,
      ...{ at: now - 5 * hour, what: 'fired' },
      fire: {
        ...{ market: market('BTCUSDT'), reached: '95512.30', touchedAt: now - 5 * hour - 60_000 },
        deliveredAt: now - 5 * hour,
        channels: [
          { channel: 'pushover', outcome: 'accepted', at: now - 5 * hour, acknowledgedAt: now - 5 * hour + 90_000 },
          { channel: 'telegram', outcome: 'refused', detail: 'the bot was blocked by the user' },
        ],
      },
    },
    {
      ...doge,
      ...{ at: now - 30 * hour, what: 'fired' },
      fire: {
        ...{ market: market('DOGEUSDT'), reached: '0.41260', touchedAt: now - 30 * hour, deliveredAt: undefined },
        channels: [{ channel: 'ntfy', outcome: 'given-up', detail: 'HTTP 503' }],
      },
    },
    { ...alertOf('gone', 'SOLUSDT', 'below', '180'), at: now - 40 * hour, what: 'expired' },
    { ...btc, at: now - 50 * hour, what: 'created' },
  ];
}

export const whyLines = [
  'BTCUSDT above 96500 (row 2, id btc, of default)',
  'It is armed since 09:00 UTC.',
  "binance:BTCUSDT trades at 95180.01 at 12:05 UTC, the day's range 93000 to 96000; the target is 1.39 % away.",
  "No candles were asked for: the day's range rules a touch out.",
  'It stays silent: its condition was not met in that time.',
];

export const fundingOf = (now: number): FundingView[] => [
  {
    ...{ exchange: 'binance', symbol: 'BTCUSDT.P' },
    rate: { shown: '0.0612 %', everyHours: 8, annual: '67 %', payer: 'longs pay', nextAt: now + 2 * hour + 300_000 },
  },
  {
    ...{ exchange: 'bybit', symbol: 'BTCUSDT.P' },
    rate: { shown: '-0.01 %', everyHours: 8, annual: '-11 %', payer: 'shorts pay', nextAt: now + 300_000 },
  },
  { exchange: 'okx', symbol: 'BTC-USDT-SWAP.P', problem: 'the exchange did not answer: HTTP 503' },
];

export const statusOf = (now: number): StatusView => ({
  ...{ checkedAt: now - 20_000, nextAt: now + 280_000 },
  check: {
    ...{ startedAt: now - 21_000, durationMs: 812, markets: 7 },
    failed: [{ market: 'coinbase:ADA-USD', reason: 'the exchange did not answer: HTTP 503' }],
    exchanges: [
      { name: 'binance', state: 'up', sent: 4, failed: 0, longestMs: 180 },
      {
        ...{ name: 'coinbase', state: 'down', since: now - 2 * hour, reason: 'HTTP 503' },
        ...{ sent: 3, failed: 3, longestMs: 2_000 },
      },
      {
        name: 'bybit',
        state: 'blocked',
        since: now - 30 * hour,
        reason: 'HTTP 403',
        sent: 1,
        failed: 1,
        longestMs: 90,
      },
    ],
    untold: [
      { user: 'dmitry', channel: 'telegram', text: '1 alert refused for good: the bot was blocked by the user' },
    ],
    warnings: ['the columns "note" and "notes" mean the same: the first counts'],
    problems: ['the sheet was not answered: HTTP 503'],
    advice: ['more than 200 alerts are watched: set FanOut'],
  },
  waits: [{ channel: 'pushover', until: now + 26 * hour, detail: 'the quota of the month is used up' }],
});

export const doctorSections: DoctorSection[] = [
  {
    title: 'This machine',
    findings: [
      { check: 'node', status: 'ok', detail: 'Node v24' },
      { check: 'clock', status: 'skipped', detail: 'no service answered with the time' },
    ],
  },
  {
    title: 'Sheet',
    findings: [
      {
        check: 'rows',
        status: 'wrong',
        detail: '9 good, 2 wrong',
        remedy: 'row 14: write 95000\nrow 17: write a symbol',
      },
    ],
  },
];

export const backtestLines: readonly BacktestLine[] = [
  { kind: 'progress', done: 1, total: 1 },
  { kind: 'progress', done: 2, total: 9 },
];

export const backtestAnswer = (now: number): BacktestLine => ({
  kind: 'tested',
  test: {
    ...{ market: market('BTCUSDT'), from: now - 30 * 24 * hour, to: now },
    fires: [30, 20, 10, 3].map((hours) => ({
      ...{ touchedAt: now - hours * hour, firedAt: now - hours * hour + 120_000, reached: '96510.00' },
    })),
    rests: ['binance BTCUSDT from 2026-10-21 12:00 UTC to 12:05 UTC, a check every 5 minutes.'],
  },
});
