import type { FiredAlert, Summary } from '../../src/flows/summary.js';

/** Of a run in which nothing happened. */
export const quietSummary = (overrides: Partial<Summary> = {}): Summary => ({
  runId: 'run-1',
  startedAt: '2026-11-20T12:00:00.000Z',
  durationMs: 432,
  dryRun: false,
  sheet: { status: 'ok', rows: 3, rowErrors: [], warnings: [] },
  alerts: { pending: 1, notifying: 1, triggered: 0, expired: 0, paused: 0 },
  armed: 5,
  markets: { checked: 4, failed: [] },
  exchanges: [{ exchange: 'binance', state: 'up' }],
  requests: { binance: { sent: 1, failed: 0, meanMs: 120, longestMs: 120 } },
  fired: [],
  untold: [],
  undelivered: { count: 0, oldestSeconds: 0 },
  silent: {},
  left: { rows: 0, markets: 0, pushes: 0 },
  problems: [],
  advice: [],
  ...overrides,
});

export const fired = (overrides: Partial<FiredAlert> = {}): FiredAlert => ({
  alertId: '1',
  symbol: 'A',
  exchange: 'binance',
  condition: 'above',
  targetPrice: '1',
  price: '2',
  touchedAt: '2026-11-20T12:00:00.000Z',
  outcome: 'accepted',
  channels: [],
  ...overrides,
});
