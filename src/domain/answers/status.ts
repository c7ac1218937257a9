import type { Alert } from '../alert.js';
import { isPausedByStorm } from '../delivery/repeat.js';
import type { Looked } from './looked.js';
import { shownMoment } from './shown-time.js';

/** Its colours in a new sheet go by how it begins: `statusLooks`. `looked` undefined: the check found no time for it. */
export function statusOf(alert: Alert, looked: Looked | undefined, timeZone: string): string {
  const { status, active, overAt, rearm, triggeredAt, triggeredCount, armedAt } = alert;
  const fired = () => (triggeredAt === undefined ? 'fired' : `fired ${shownMoment(triggeredAt, timeZone)}`);
  if (status === 'notifying') return 'sending';
  if (overAt !== undefined) return 'over';
  if (isPausedByStorm(alert)) return 'paused';
  if (status !== 'pending') return fired();
  if (!active) return 'paused';
  if (looked?.kind === 'not-listed') return 'not listed';
  if (looked?.kind === 'no-price') return 'no price';
  if (rearm !== undefined) return fired();
  return triggeredCount === 0 ? 'armed' : `armed again ${shownMoment(armedAt, timeZone)}`;
}
