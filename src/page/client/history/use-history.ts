import type { AlertView, PageState } from '../../protocol.js';
import type { HistoryView } from '../../protocol-views.js';
import { getHistory } from '../api.js';
import { type AskedFor, useAsked } from '../use-asked.js';

export interface HistoryWish {
  /** So far back (ms). */
  readonly lastMs: number;
  readonly alertId?: string;
  readonly user?: string;
  readonly atMost?: number;
}

/** What tells that something new may have happened: each fire, each edit of a row, each check. */
const movedBy = (alerts: readonly AlertView[], { lastCheck }: PageState): string =>
  JSON.stringify([
    alerts.map(({ id, state, times, target, firedAt }) => [id, state, times, target, firedAt]),
    lastCheck?.at,
  ]);

/** Follows the alerts that it is about. */
export function useHistory(state: PageState, { lastMs, alertId, user, atMost }: HistoryWish): AskedFor<HistoryView> {
  const about = alertId === undefined ? state.alerts : state.alerts.filter(({ id }) => id === alertId);
  const query = {
    ...(alertId !== undefined && { alert: alertId }),
    ...(user !== undefined && { user }),
    ...(atMost !== undefined && { atMost: String(atMost) }),
  };
  const ask = () => getHistory({ ...query, from: String(Math.max(0, Math.floor(state.now - lastMs))) });
  return useAsked(ask, `${lastMs} ${JSON.stringify(query)} ${movedBy(about, state)}`);
}
