import type { Hono } from 'hono';
import type { Checkpoint } from '../../flows/ports/alert-store.js';
import type { Ports } from '../../flows/ports/ports.js';
import type { KeptSummary, Summary } from '../../flows/summary.js';
import type { DoctorSection, ExchangeView, StatusView } from '../protocol-views.js';
import { refuse } from './guard.js';

/** Looks at everything that a check needs; nothing is sent or written. */
export type Doctor = () => Promise<readonly DoctorSection[]>;

type Check = NonNullable<StatusView['check']>;

function exchangeViews({ exchanges, requests }: Summary): readonly ExchangeView[] {
  return exchanges.map(({ exchange: name, state, since, reason }) => {
    const { sent = 0, failed = 0, longestMs = 0 } = requests[name] ?? {};
    return {
      ...{ name, state, sent, failed, longestMs },
      ...(since !== undefined && { since: Date.parse(since) }),
      ...(reason !== undefined && { reason }),
    };
  });
}

const untoldView = ({ user, channel, outcome, alerts, detail }: Summary['untold'][number]): Check['untold'][number] => {
  const what = outcome === 'rejected' ? 'refused for good' : 'given up after an hour';
  const count = alerts === 1 ? '1 alert' : `${alerts} alerts`;
  return { user, channel, text: [`${count} ${what}`, ...(detail === undefined ? [] : [detail])].join(': ') };
};

function checkView({ summary, leftOut }: KeptSummary): Check {
  const { markets, sheet } = summary;
  const cut = Object.entries(leftOut).map(([list, count]) => `${count} more of ${list} are not kept`);
  return {
    startedAt: Date.parse(summary.startedAt),
    durationMs: summary.durationMs,
    markets: markets.checked,
    failed: markets.failed.map(({ exchange, symbol, reason }) => ({ market: `${exchange}:${symbol}`, reason })),
    exchanges: exchangeViews(summary),
    untold: summary.untold.map(untoldView),
    warnings: [...sheet.warnings, ...(sheet.answers?.refused ?? []), ...cut],
    problems: summary.problems,
    advice: summary.advice,
  };
}

function nextAt(checkpoint: Checkpoint | undefined): number | undefined {
  const before = checkpoint?.lastCheckedAt;
  return checkpoint === undefined || before === undefined ? undefined : 2 * checkpoint.checkedAt - before;
}

export function addStatus(app: Hono, { store }: Pick<Ports, 'store'>, doctor: Doctor | undefined): void {
  app.get('/api/status', async (c) => {
    const [kept, checkpoint] = await Promise.all([store.readSummary(), store.readCheckpoint()]);
    const waits = Object.entries(checkpoint?.accountWaits ?? {});
    return c.json({
      checkedAt: checkpoint?.checkedAt,
      nextAt: nextAt(checkpoint),
      ...(kept !== undefined && { check: checkView(kept) }),
      waits: waits.map(([channel, { retryAt, detail }]) => ({ channel, until: retryAt, detail })),
    } satisfies StatusView);
  });
  // It changes nothing, but asks a dozen services: only who means it may.
  app.post('/api/doctor', async (c) => {
    if (doctor === undefined) return refuse(c, 404, 'there is no doctor here', 'run trading-alerts doctor');
    return c.json(await doctor());
  });
}
