import pLimit from 'p-limit';
import type { Alert } from '../domain/alert.js';
import { messageOf } from '../domain/error-message.js';
import type { Ports } from './ports/ports.js';
import type { Delivered } from './tell-claimed.js';

const readsAtATime = 25;

export interface Taken {
  readonly alerts: readonly Alert[];
  readonly problems: readonly string[];
}

/** The alerts that another run took from under this one, as they are now: this run found them in another state. */
export async function readTaken(
  { store }: Pick<Ports, 'store'>,
  delivered: readonly Pick<Delivered, 'takenId'>[],
): Promise<Taken> {
  const limit = pLimit(readsAtATime);
  const ids = delivered.flatMap(({ takenId }) => takenId ?? []);
  const read = await Promise.all(
    ids.map((id) =>
      limit(async (): Promise<Alert | string | undefined> => {
        try {
          return await store.get(id);
        } catch (failure) {
          return messageOf(failure);
        }
      }),
    ),
  );
  return {
    alerts: read.flatMap((each) => (typeof each === 'object' ? [each] : [])),
    problems: [...new Set(read.filter((each) => typeof each === 'string'))],
  };
}
