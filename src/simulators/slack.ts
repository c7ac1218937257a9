import type { Hono } from 'hono';
import { createSimulator, type SimulatorEnv, type Traffic } from './faults.js';
import { createPace, type Rate } from './pace.js';

export interface SlackMessage {
  readonly receivedAt: number;
  readonly path: string;
  readonly text: string;
  readonly sections: readonly string[];
}

export type SlackRefusal =
  | 'invalid_payload'
  | 'no_text'
  | 'user_not_found'
  | 'action_prohibited'
  | 'invalid_token'
  | 'channel_not_found'
  | 'no_service'
  | 'no_team'
  | 'channel_is_archived'
  | 'rollup_error';

/** Plain and mutable. */
export interface SlackState {
  /** By its path `/services/T…/B…/…`: what it answers to any message. */
  readonly webhooks: Map<string, 'open' | SlackRefusal>;
  readonly received: SlackMessage[];
  /** For each webhook. https://docs.slack.dev/apis/web-api/rate-limits */
  limit: Rate;
}

/** One a second, with short bursts. */
export const slackLimit: Rate = { most: 5, perMs: 5_000 };

const statuses: Readonly<Record<SlackRefusal, number>> = {
  invalid_payload: 400,
  no_text: 400,
  user_not_found: 400,
  action_prohibited: 403,
  invalid_token: 403,
  channel_not_found: 404,
  no_service: 404,
  no_team: 404,
  channel_is_archived: 410,
  rollup_error: 500,
};

interface Payload {
  readonly text?: string;
  readonly blocks?: readonly { readonly text: { readonly text: string } }[];
}

function read(body: string): Payload | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function problemOf({ text = '', blocks = [] }: Payload): SlackRefusal | undefined {
  if (text === '' && blocks.length === 0) return 'no_text';
  return blocks.some((block) => block.text.text.length > 3000) ? 'invalid_payload' : undefined;
}

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. Words, not JSON. `now` in ms since 1970. */
export function slackSimulator(state: SlackState, traffic: Traffic, now: () => number): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  const pace = createPace(now);
  const say = (word: string, status: number, headers: Record<string, string> = {}): Response =>
    new Response(word, { status, headers: { 'content-type': 'text/html', ...headers } });
  const refuse = (word: SlackRefusal): Response => say(word, statuses[word]);

  app.post('/services/*', async (c) => {
    const webhook = state.webhooks.get(c.req.path);
    if (webhook === undefined) return refuse('no_service');
    if (webhook !== 'open') return refuse(webhook);
    const waitMs = pace.take(c.req.path, state.limit);
    if (waitMs > 0) return say('rate_limited', 429, { 'Retry-After': String(Math.ceil(waitMs / 1000)) });
    const payload = read(await c.req.text());
    const problem = payload === undefined ? 'invalid_payload' : problemOf(payload);
    if (payload === undefined || problem !== undefined) return refuse(problem ?? 'invalid_payload');
    const sections = (payload.blocks ?? []).map((block) => block.text.text);
    state.received.push({ receivedAt: now(), path: c.req.path, text: payload.text ?? '', sections });
    return say('ok', 200);
  });
  return app;
}
