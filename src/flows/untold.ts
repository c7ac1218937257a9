import type { Alert } from '../domain/alert.js';
import { groupBy } from '../domain/group-by.js';
import type { Log } from './ports/log.js';
import type { FiredAlert, Untold } from './summary.js';

interface Told {
  readonly alert: Alert | undefined;
  readonly fired?: FiredAlert;
}

/** A wrong key concerns every alert of its user, and is said once. */
export function untoldOf(delivered: readonly Told[]): readonly Untold[] {
  const all = delivered.flatMap(({ alert, fired }) =>
    (fired?.channels ?? []).flatMap(({ channel, outcome, detail }) =>
      alert === undefined || (outcome !== 'rejected' && outcome !== 'given-up')
        ? []
        : [{ user: alert.user, channel, outcome, alertId: alert.id, ...(detail !== undefined && { detail }) }],
    ),
  );
  const groups = groupBy(all, ({ user, channel, outcome }) => JSON.stringify([user, channel, outcome]));
  return [...groups.values()].map(([first, ...more]) => ({ ...first, alerts: 1 + more.length }));
}

/** The lines that the alarm on refused notifications points to; template.yaml looks for their message. */
export const untoldMessage = 'not told on a channel';

export function warnOfUntold({ warn }: Pick<Log, 'warn'>, untold: readonly Untold[]): void {
  for (const each of untold) warn(untoldMessage, { ...each });
}
