import { setTimeout as pause } from 'node:timers/promises';

/** In ms, from any beginning. */
export interface Clock {
  now(): number;
  pause(ms: number): Promise<unknown>;
}

const realClock: Clock = { now: () => performance.now(), pause };

/**
 * At most so many requests begin within any second; the others wait for their moment, in the order they came. A busy process
 * comes late to its timers: the next ones wait for when a request really began, so that it does not make up for that.
 */
export function paced<Request, Answer>(
  send: (request: Request) => Promise<Answer>,
  perSecond: number,
  clock: Clock = realClock,
): (request: Request) => Promise<Answer> {
  /** When the last `perSecond` requests begin, those still waiting included. */
  const begun: Promise<number>[] = [];
  async function begin(before: Promise<number> | undefined): Promise<number> {
    const waitMs = before === undefined ? 0 : (await before) + 1_000 - clock.now();
    if (waitMs > 0) await clock.pause(waitMs);
    return clock.now();
  }
  return async (request) => {
    const beginning = begin(begun.length < perSecond ? undefined : begun.shift());
    begun.push(beginning);
    await beginning;
    return send(request);
  };
}
