import pLimit from 'p-limit';
import type { NotifyingAlert } from '../domain/alert.js';
import { chunksOf } from '../domain/chunks.js';
import { goesAtOnce } from '../domain/delivery/digest.js';
import { ringsTogether } from '../domain/delivery/ring-body.js';
import { groupBy } from '../domain/group-by.js';
import { type Problem, problemText } from '../domain/problem.js';
import type { Doorbell, Ring } from './ports/doorbell.js';
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
  /**
   * Rings at once for what would go at once: the first few of a user, and what is urgent; for the rest together with others
   * of its user, at the latest when all that fires is claimed. Answers then; fails as the claim does.
   */
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

/** So many of a user are told together by whoever comes to the first of them, though a queue mixes its messages. */
const besideEachOther = 50;

function ringsOf(alerts: readonly NotifyingAlert[]): readonly Ring[] {
  const groups = [...groupBy(alerts, ({ user }) => user).values()].flatMap((all) => chunksOf(all, besideEachOther));
  return groups.flatMap((group) => {
    const ids = group.map(({ id }) => id);
    return group.map(({ id, user, delivery: { fireId } }) => {
      return { alertId: id, fireId, user, beside: ids.filter((each) => each !== id) };
    });
  });
}

/** Rings that are reported together. */
function createRound(doorbell: Doorbell | undefined) {
  const unheard = new Set<string>();
  const problems = new Map<string, Problem>();
  let first: NotifyingAlert | undefined;
  let isDown = false;
  const limit = pLimit(ringsAtATime);
  const soon: NotifyingAlert[] = [];

  async function send(alerts: readonly NotifyingAlert[]): Promise<void> {
    if (alerts.length === 0) return;
    const rings = ringsOf(alerts);
    const result = (isDown ? undefined : await doorbell?.ring(rings)) ?? { refused: rings, problems: [], isDown };
    isDown ||= result.isDown === true;
    for (const { alertId } of result.refused) unheard.add(alertId);
    for (const problem of result.problems) problems.set(problemText(problem), problem);
    first ??= alerts.find(({ id }) => unheard.has(id));
  }

  return {
    ring: (alerts: readonly NotifyingAlert[]): Promise<void> => limit(() => send(alerts)),
    /** With what else waits for its turn by then. */
    ringSoon(alert: NotifyingAlert): Promise<void> {
      soon.push(alert);
      return limit(() => send(soon.splice(0, ringsTogether)));
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

/** Claimed ones by user. */
function createClaimed() {
  const counts = new Map<string, number>();
  const waiting = new Map<string, NotifyingAlert[]>();
  return {
    /** How the alert is to be rung for now: at once, or with these; undefined where it waits for others of its user. */
    add(alert: NotifyingAlert): 'at-once' | readonly NotifyingAlert[] | undefined {
      const { user, priority } = alert;
      const before = counts.get(user) ?? 0;
      counts.set(user, before + 1);
      if (goesAtOnce(before, priority)) return 'at-once';
      const all = [...(waiting.get(user) ?? []), alert];
      const isFull = all.length >= besideEachOther;
      waiting.set(user, isFull ? [] : all);
      return isFull ? all : undefined;
    },
    rest: (): readonly NotifyingAlert[] => [...waiting.values()].flat(),
  };
}

/**
 * One run's rings, for what is more than it delivers itself. After a user's first few, his go as soon as there are as many
 * as are told together, while others are still claimed: an exchange that hangs holds up the last ones alone. What is not rung stays due, and is no fault of the claim.
 */
export function createRinging(doorbell: Doorbell | undefined, run: Pick<Run, 'isDryRun'>): Ringing {
  const isOn = doorbell !== undefined && !run.isDryRun;
  const ofFires = createRound(doorbell);
  const ofUsers = createClaimed();
  const claims: Promise<unknown>[] = [];
  const rings: Promise<void>[] = [];
  let fires = 0;
  let close: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });

  const rung = closed.then(async () => {
    await Promise.all(claims);
    rings.push(ofFires.ring(ofUsers.rest()));
    await Promise.all(rings);
  });

  async function claimedAndRung(claiming: Promise<ClaimedForOthers>): Promise<ClaimedForOthers> {
    const claimed = await claiming;
    if ('instead' in claimed) return claimed;
    const ready = ofUsers.add(claimed);
    if (ready !== undefined) rings.push(ready === 'at-once' ? ofFires.ringSoon(claimed) : ofFires.ring(ready));
    return claimed;
  }

  return {
    isOn,
    takesNextFire() {
      fires += 1;
      return isOn && fires > handful;
    },
    async ringFor(claiming) {
      const collecting = claimedAndRung(claiming);
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
