import type { Hono } from 'hono';
import { createTraffic, type SimulatorEnv, type Traffic } from '../../src/simulators/faults.js';
import { at } from '../support/builders.js';

export { formOf, recording, testOverRecordings } from '../adapters/notifiers/recorded.js';

export const start = at('12:05');

/** A clock that a test moves. */
export function createClock() {
  let later = 0;
  return {
    now: () => start + later,
    wait: (ms: number) => {
      later += ms;
    },
    reset: () => {
      later = 0;
    },
  };
}

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** Asks the app itself, without a server. */
export function askOf(create: (traffic: Traffic) => Hono<SimulatorEnv>) {
  const app = create(createTraffic());
  return async (
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Answered> => {
    const response = await app.request(`http://simulated${path}`, init);
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
}

export const asJson = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
