import pLimit from 'p-limit';
import type { NotifyingAlert } from '../domain/alert.js';
import { ringsTogether } from '../domain/delivery/ring-body.js';
import { type Problem, problemText } from '../domain/problem.js';
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
  /** Rings for it together with others of its user, at the latest when all that fires is claimed; for what is urgent at once. Answers then; fails as the claim does. */
  ringFor(claiming: Promise<ClaimedForOthers>): Promise<Delivered>;
  /** Nothing fires any more but what does so already. */
  close(): void;
  /** In their order. Never fails. */
  ring(alerts: readonly NotifyingAlert[]): Promise<readonly Delivered[]>;
}

/** More at a time only open sockets, and each would find out by itself that the queue is down. */
const ringsAtATime = 10;

const notRung = 'not rung; the next check delivers it';

/** Said once, and not of each. */
const notRungText = (count: number, why: string): string =>
  `${count} ${count === 1 ? 'alert was' : 'alerts were'} not rung for, and the next check delivers: ${why}`;

/** Rings that are reported together. */
function createRound(doorbell: Doorbell | undefined) {
  const unheard = new Set<string>();
  const problems = new Map<string, Problem>();
  let first: NotifyingAlert | undefined;
  let isDown = false;
  const limit = pLimit(ringsAtATime);
  return {
    async ring(alerts: readonly NotifyingAlert[]): Promise<void> {
      const rings = alerts.map(({ id, user, delivery }) => ({ alertId: id, fireId: delivery.fireId, user }));
      const result = await limit(async () => {
        const answer = (isDown ? undefined : await doorbell?.ring(rings)) ?? { refused: rings, problems: [], isDown };
        isDown ||= answer.isDown === true;
        return answer;
      });
      for (const { alertId } of result.refused) unheard.add(alertId);
      for (const problem of result.problems) problems.set(problemText(problem), problem);
      first ??= alerts.find(({ id }) => unheard.has(id));
    },
    /** Once all is rung. */
    resultOf(alert: NotifyingAlert): Delivered {
      const isUnheard = unheard.has(alert.id);
      const fired = firedAlert(alert, alert.delivery.trigger, isUnheard ? 'deferred' : 'rung', []);
      if (!isUnheard) return { alert, fired };
      const problem = alert === first && { problem: notRungText(unheard.size, [...problems.keys()].join('; ')) };
      return { alert, fired: { ...fired, detail: notRung }, ...problem };
    },
  };
}

/**
 * One run's rings, for what is more than it delivers itself. A user's go as soon as there are as many as a worker gets at
 * a time, so that they are told while others are still claimed, and together. What is not rung stays due, and is no fault
 * of the claim.
 */
export function createRinging(doorbell: Doorbell | undefined, run: Pick<Run, 'isDryRun'>): Ringing {
  const isOn = doorbell !== undefined && !run.isDryRun;
  const ofFires = createRound(doorbell);
  const claims: Promise<unknown>[] = [];
  const rings: Promise<void>[] = [];
  /** By user: claimed, and fewer than a worker gets at a time. */
  const waiting = new Map<string, NotifyingAlert[]>();
  let fires = 0;
  let close: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });

  function collect(alert: NotifyingAlert): void {
    // It is told alone whatever else fires, and an exchange that hangs is not to hold it up.
    if (alert.priority === 'urgent') {
      rings.push(ofFires.ring([alert]));
      return;
    }
    const all = [...(waiting.get(alert.user) ?? []), alert];
    const isFull = all.length >= ringsTogether;
    waiting.set(alert.user, isFull ? [] : all);
    if (isFull) rings.push(ofFires.ring(all));
  }

  const rung = closed.then(async () => {
    await Promise.all(claims);
    rings.push(ofFires.ring([...waiting.values()].flat()));
    await Promise.all(rings);
  });

  async function collectClaimed(claiming: Promise<ClaimedForOthers>): Promise<ClaimedForOthers> {
    const claimed = await claiming;
    if (!('instead' in claimed)) collect(claimed);
    return claimed;
  }

  return {
    isOn,
    takesNextFire() {
      fires += 1;
      return isOn && fires > handful;
    },
    async ringFor(claiming) {
      const collecting = collectClaimed(claiming);
      claims.push(collecting.catch(() => undefined));
      const claimed = await collecting;
      if ('instead' in claimed) return claimed.instead;
      await rung;
      return ofFires.resultOf(claimed);
    },
    close: () => close(),
    async ring(alerts) {
      const round = createRound(doorbell);
      await round.ring(alerts);
      return alerts.map(round.resultOf);
    },
  };
}
