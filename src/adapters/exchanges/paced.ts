import { setTimeout as pause } from 'node:timers/promises';

/** In ms, from any beginning. */
export interface Clock {
  now(): number;
  pause(ms: number): Promise<unknown>;
}

const realClock: Clock = { now: () => performance.now(), pause };

/** At most so many requests begin within any second; the others wait for their moment, in the order they came. */
export function paced<Request, Answer>(
  send: (request: Request) => Promise<Answer>,
  perSecond: number,
  clock: Clock = realClock,
): (request: Request) => Promise<Answer> {
  // When the last `perSecond` requests begin, those still waiting included.
  const begun: number[] = [];
  return async (request) => {
    const now = clock.now();
    const earliest = begun.length < perSecond ? now : (begun.shift() ?? now) + 1_000;
    const begin = Math.max(now, earliest);
    begun.push(begin);
    if (begin > now) await clock.pause(begin - now);
    return send(request);
  };
}
