import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Hono } from 'hono';
import { createSimulator, type SimulatorEnv, type Traffic } from './faults.js';

export interface WebhookCall {
  readonly receivedAt: number;
  readonly id: string;
  readonly timestamp: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly bytes: number;
  /** The id came before: an idempotent receiver would pass over it. */
  readonly isRepeat: boolean;
}

/** Plain and mutable. */
export interface WebhookState {
  secret: string;
  readonly received: WebhookCall[];
  /** What the receiver answers to a call that is signed well. */
  status: number;
  headers: Readonly<Record<string, string>>;
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#verifying-webhook-authenticity */
const toleranceSeconds = 5 * 60;

function isSigned(secret: string, signed: string, signatures: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const expected = createHmac('sha256', key).update(signed).digest();
  return signatures
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice('v1,'.length), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}

/** A receiver of Standard Webhooks at `/hook`. `now` in ms since 1970. */
export function webhookSimulator(state: WebhookState, traffic: Traffic, now: () => number): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  app.post('/hook', async (c) => {
    const text = await c.req.text();
    const id = c.req.header('webhook-id') ?? '';
    const timestamp = Number(c.req.header('webhook-timestamp') ?? Number.NaN);
    const isFresh = Math.abs(now() / 1000 - timestamp) <= toleranceSeconds;
    if (!isFresh || !isSigned(state.secret, `${id}.${timestamp}.${text}`, c.req.header('webhook-signature') ?? '')) {
      return c.text('no such signature', 401);
    }
    if (state.status >= 200 && state.status < 300) {
      const isRepeat = state.received.some((call) => call.id === id);
      const bytes = Buffer.byteLength(text);
      state.received.push({ receivedAt: now(), id, timestamp, body: JSON.parse(text), bytes, isRepeat });
    }
    return new Response(null, { status: state.status, headers: { ...state.headers } });
  });
  return app;
}
