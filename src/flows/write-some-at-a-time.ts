import pLimit from 'p-limit';
import type { Ports } from './ports/ports.js';

type Outcomes = Pick<Ports, 'store' | 'history'>;

/** Of what becomes of them. A storm over several channels has hundreds, which the database would let wait until they fail. */
const settlingAtATime = 25;

/** What is told of a claimed alert is written some at a time. */
export function writeSomeAtATime({ store, history }: Outcomes): Outcomes {
  const settling = pLimit(settlingAtATime);
  return {
    store: {
      ...store,
      noteAccepted: (...given) => settling(() => store.noteAccepted(...given)),
      commit: (...given) => settling(() => store.commit(...given)),
      defer: (...given) => settling(() => store.defer(...given)),
    },
    history: { ...history, noteFire: (...given) => settling(() => history.noteFire(...given)) },
  };
}
