import type { NotifyingAlert, Trigger, WaitingAlert } from '../domain/alert.js';
import { afterReturn, isReturning } from '../domain/delivery/rearm.js';
import { armedAgain, recentFiresAt } from '../domain/delivery/repeat.js';
import { newDelivery } from '../domain/delivery/transition.js';
import type { ReplayedChecks } from './replayed-checks.js';

export interface Rearmed {
  readonly alert: WaitingAlert;
  /** The first check at which it may fire. */
  readonly from: number;
}

/** As the claim leaves the alert, accepted at once. */
function claimed(alert: WaitingAlert, trigger: Trigger, at: number): NotifyingAlert {
  return {
    ...alert,
    status: 'notifying',
    triggeredCount: alert.triggeredCount + 1,
    recentFires: recentFiresAt(alert, at),
    delivery: newDelivery({ fireId: '', trigger, claimedAt: at, leaseBy: '' }, [], true),
  };
}

/**
 * The alert armed again after a fire, by the rules of the real commit; with `back` from the check that proves the other
 * side, which judges the rest of its window. Undefined where it has fired for good, or the other side never came.
 */
export function rearmed(
  checks: ReplayedChecks,
  fired: WaitingAlert,
  { trigger, check }: { readonly trigger: Trigger; readonly check: number },
): Rearmed | undefined {
  const at = checks.at(check);
  const { delivery: _, ...told } = claimed(fired, trigger, at);
  const armed = armedAgain({ ...told, delivery: _ }, at);
  if (armed === undefined) return undefined;
  const alert: WaitingAlert = { ...told, status: 'pending', ...armed };
  // At most once a check.
  if (!isReturning(alert)) return { alert, from: check + 1 };
  for (let next = check + 1; next < checks.count; next += 1) {
    const to = afterReturn(alert, checks.evidenceOf(next, next, 0));
    if (to !== undefined) return { alert: { ...alert, ...to }, from: next };
  }
  return undefined;
}
