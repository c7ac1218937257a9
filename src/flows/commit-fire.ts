import type { Alert, NotifyingAlert } from '../domain/alert.js';
import { alertAfter, commit } from '../domain/delivery/transition.js';
import { fireRecord } from '../domain/history.js';
import type { Ports } from './ports/ports.js';

/**
 * The one way in which a fire ends: into the history, then the commit, so that every committed fire stands there. Where the
 * history does not take it, the item keeps what has accepted: the next run sends nothing again, and ends it in this way.
 * `settled`: with the channels as the attempts left them. Gives the alert as it then is. Throws the store's error.
 */
export async function commitFire(
  { store, history }: Pick<Ports, 'store' | 'history'>,
  settled: NotifyingAlert,
  now: number,
): Promise<Alert | undefined> {
  try {
    await history.noteFire(fireRecord(settled));
  } catch (failure) {
    await store.defer(settled);
    throw failure;
  }
  return (await store.commit(settled, now)) ? alertAfter(settled, commit(settled, now)) : undefined;
}
