import type { NotifyingAlert, WaitingAlert } from '../../domain/alert.js';
import { err, ok } from '../../domain/result.js';
import { armAfresh } from '../../domain/sync-plan.js';
import type { Ports } from '../../flows/ports/ports.js';
import type { Board } from './board.js';
import type { EditAnswer, Refusal } from './edits.js';

/** What the sheet does not hold, and the table does: each is one conditional write. */
export interface StoreEdits {
  /** A fired alert is armed from now on; its row stays as it is. */
  rearm(id: string): Promise<EditAnswer>;
  /** What waits for its next attempt is due at once: the next check sends it. */
  retry(id: string): Promise<EditAnswer>;
}

const refused = (status: Refusal['status'], message: string, remedy: string): EditAnswer =>
  err({ status, message, remedy });

const notThere = (id: string) => refused(404, `there is no alert "${id}"`, 'reload the page');
const meanwhile = refused(409, 'a check has changed this alert at the same moment', 'look at it, and try again');

export function createStoreEdits({ store, now }: Pick<Ports, 'store' | 'now'>, board: Board): StoreEdits {
  /** The list may be stale, the item is not. */
  const find = async (id: string) => (board.alerts().some((alert) => alert.id === id) ? store.get(id) : undefined);
  const done = (id: string): EditAnswer => {
    const row = board.state().alerts.find((alert) => alert.id === id)?.row;
    return ok({ id, row: row ?? 0, notes: [] });
  };

  async function rearmFired(fired: WaitingAlert): Promise<EditAnswer> {
    const isWritten = await store.change({ previous: fired, next: armAfresh(fired, now()) });
    return isWritten ? done(fired.id) : meanwhile;
  }

  async function retryNow(alert: NotifyingAlert): Promise<EditAnswer> {
    const { leaseUntil, channels } = alert.delivery;
    if (leaseUntil !== undefined && leaseUntil > now()) {
      return refused(409, 'a check is sending it at this moment', 'wait for its end');
    }
    // Of a run that has died: it is due already, and which channels were under way must stay as that run left it.
    if (leaseUntil !== undefined) return done(alert.id);
    const waits = (each: (typeof channels)[number]) => 'nextAttemptAt' in each && each.nextAttemptAt !== undefined;
    const due = channels.map((each) => (waits(each) ? { ...each, nextAttemptAt: now() } : each));
    return (await store.noteAccepted(alert, due)) ? done(alert.id) : meanwhile;
  }

  return {
    async rearm(id) {
      const alert = await find(id);
      if (alert === undefined) return notThere(id);
      if (!alert.active) return refused(409, 'it is paused', 'resume it: that arms it, too');
      if (alert.status === 'triggered') return rearmFired(alert);
      return refused(
        409,
        'only an alert that has fired can be armed again',
        'pause and resume it, or change its price',
      );
    },
    async retry(id) {
      const alert = await find(id);
      if (alert === undefined) return notThere(id);
      if (alert.status === 'notifying') return retryNow(alert);
      return refused(409, 'nothing of this alert waits to be sent', 'reload the page');
    },
  };
}
