import type { Hono } from 'hono';
import type { SimulatorEnv } from '../../../src/simulators/faults.js';
import type { Answered, Asked } from './serve.js';

export type KeptApp = Hono<SimulatorEnv>;

export interface KeptAnswers {
  answer(asked: Asked): Promise<Answered>;
  /** The world has changed. */
  forget(): void;
}

/**
 * A simulator's own answers, each made once: a list of two thousand prices or a hundred thousand rows would otherwise be
 * written anew at every request, and the simulator would be what is measured.
 */
export function keepAnswers(app: KeptApp): KeptAnswers {
  const kept = new Map<string, Promise<Answered>>();
  async function ask({ method, url, headers, body }: Asked): Promise<Answered> {
    const response = await app.request(url, { method, headers, ...(method === 'GET' ? {} : { body }) });
    const type = response.headers.get('content-type') ?? 'application/json';
    return { status: response.status, type, body: Buffer.from(await response.arrayBuffer()) };
  }
  return {
    answer(asked) {
      if (asked.method !== 'GET') {
        kept.clear();
        return ask(asked);
      }
      const known = kept.get(asked.url) ?? ask(asked);
      kept.set(asked.url, known);
      return known;
    },
    forget: () => kept.clear(),
  };
}
