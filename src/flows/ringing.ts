import type { NotifyingAlert } from '../domain/alert.js';
import { problemText } from '../domain/problem.js';
import type { Doorbell } from './ports/doorbell.js';
import type { Run } from './run.js';
import { firedAlert } from './summary.js';
import type { Delivered } from './tell-claimed.js';

/** So many of a run's fires, and of what earlier runs left, the check delivers itself: no hop, and no cold start. */
export const handful = 9;

/** Claimed without a lease, or why it is not. */
export type ClaimedForOthers = NotifyingAlert | { readonly instead: Delivered };

export interface Ringing {
  readonly isOn: boolean;
  /** Counts the fires; true of each after the first few. */
  takesNextFire(): boolean;
  /** Rings for it when all that fires is claimed, together with the others. Fails as the claim does. */
  ringFor(claiming: Promise<ClaimedForOthers>): Promise<Delivered>;
  /** Nothing fires any more but what does so already. */
  close(): void;
  /** In their order. Never fails. */
  ring(alerts: readonly NotifyingAlert[]): Promise<readonly Delivered[]>;
}

const notRung = 'not rung; the next check delivers it';

/** Said once, and not of each. */
const notRungText = (count: number, why: string): string =>
  `${count} ${count === 1 ? 'alert was' : 'alerts were'} not rung for, and the next check delivers: ${why}`;

/** One run's rings, for what is more than it delivers itself. What is not rung stays due, and is no fault of the claim. */
export function createRinging(doorbell: Doorbell | undefined, run: Pick<Run, 'isDryRun'>): Ringing {
  const isOn = doorbell !== undefined && !run.isDryRun;
  const claims: Promise<ClaimedForOthers | undefined>[] = [];
  let fires = 0;
  let close: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });

  async function ring(alerts: readonly NotifyingAlert[]): Promise<readonly Delivered[]> {
    if (doorbell === undefined || alerts.length === 0) return [];
    const rings = alerts.map(({ id, user, delivery }) => ({ alertId: id, fireId: delivery.fireId, user }));
    const { refused, problems } = await doorbell.ring(rings);
    const unheard = new Set(refused.map(({ alertId }) => alertId));
    const why = problems.map(problemText).join('; ');
    const first = alerts.find(({ id }) => unheard.has(id));
    return alerts.map((alert) => {
      const fired = firedAlert(alert, alert.delivery.trigger, unheard.has(alert.id) ? 'deferred' : 'rung', []);
      if (!unheard.has(alert.id)) return { alert, fired };
      const problem = alert === first && { problem: notRungText(unheard.size, why) };
      return { alert, fired: { ...fired, detail: notRung }, ...problem };
    });
  }

  const rung = closed.then(async () => {
    const claimed = (await Promise.all(claims)).flatMap((got) => (got === undefined || 'instead' in got ? [] : [got]));
    const results = await ring(claimed);
    return new Map(claimed.map((alert, index) => [alert, results[index] as Delivered]));
  });

  return {
    isOn,
    takesNextFire() {
      fires += 1;
      return isOn && fires > handful;
    },
    async ringFor(claiming) {
      claims.push(claiming.catch(() => undefined));
      const claimed = await claiming;
      if ('instead' in claimed) return claimed.instead;
      return (await rung).get(claimed) as Delivered;
    },
    close: () => close(),
    ring,
  };
}
