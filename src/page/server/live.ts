import type { PageState } from '../protocol.js';
import type { Board } from './board.js';

export interface Live {
  /** Hears the state at once and after every change, until the answer is called. */
  listen(hear: (state: PageState) => void): () => void;
  /** After an edit or a sync: everybody who looks hears of it. */
  tell(): void;
  /** Resolves when the reading under way is over, so that nothing asks a store that has gone. */
  close(): Promise<void>;
}

/** A price that stands still is confirmed now and then, so that its age is true. */
const ticksToConfirm = 12;

const shownOf = ({ now: _, prices, ...rest }: PageState): string =>
  JSON.stringify({ ...rest, prices: prices.map(({ at, ...price }) => price) });

/**
 * While a page looks, the stored alerts and the prices are read every `everyMs`; otherwise nobody is asked anything.
 * `onProblem` hears of a reading that failed; the next one is made all the same.
 */
export function createLive(board: Board, everyMs: number, onProblem: (error: unknown) => void): Live {
  const listeners = new Set<(state: PageState) => void>();
  let timer: NodeJS.Timeout | undefined;
  let told = '';
  let quietTicks = 0;
  let reading: Promise<void> | undefined;

  function tell(): void {
    const state = board.state();
    told = shownOf(state);
    quietTicks = 0;
    for (const hear of listeners) hear(state);
  }

  async function tick(): Promise<void> {
    if (reading !== undefined) return;
    reading = board.refresh().catch(onProblem);
    await reading;
    reading = undefined;
    quietTicks += 1;
    if (quietTicks >= ticksToConfirm || shownOf(board.state()) !== told) tell();
  }

  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };

  return {
    tell,
    listen(hear) {
      listeners.add(hear);
      hear(board.state());
      if (timer === undefined) {
        timer = setInterval(() => void tick(), everyMs);
        void tick();
      }
      return () => {
        listeners.delete(hear);
        if (listeners.size === 0) stop();
      };
    },
    async close() {
      listeners.clear();
      stop();
      await reading;
    },
  };
}
