import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { createSimulator, type SimulatorEnv, type Traffic } from './faults.js';
import { cancelPushes, createUrgentPush, receiptBody, type UrgentPush } from './pushover-receipts.js';

/** A push that the service accepted. `fields` are all that came with it except the token. */
export interface ReceivedPush {
  readonly receivedAt: number;
  readonly user: string;
  readonly title: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Plain and mutable: take a key away, or set `remaining` to 0 to use up the month's quota. */
export interface PushoverState {
  token: string;
  readonly users: Set<string>;
  readonly received: ReceivedPush[];
  /** By receipt. */
  readonly urgent: Map<string, UrgentPush>;
  limit: number;
  remaining: number;
  /** Seconds since 1970. */
  resetsAt: number;
}

type Fields = Readonly<Record<string, string>>;

/** The field that is wrong, what the body says of it at top level, and the sentence in `errors`. */
type Problem = readonly [field: string, value: string, error: string];

/** https://pushover.net/api#messages, in characters */
const longest = { message: 1024, title: 250, url: 512, url_title: 100 };

const lengthOf = (text: string): number => Array.from(text).length;

function priorityProblem({ priority = '0', retry, expire }: Fields): Problem | undefined {
  if (!/^(-[12]|[012])$/.test(priority)) return ['priority', 'is invalid', 'priority is invalid'];
  if (priority !== '2') return undefined;
  for (const [field, text] of Object.entries({ retry, expire })) {
    if (text === undefined) {
      return [field, 'must be supplied with priority=2', `${field} must be supplied with priority=2`];
    }
  }
  if (Number(retry) < 30) return ['retry', 'must be at least 30', 'retry must be at least 30'];
  return Number(expire) > 10_800 ? ['expire', 'must be at most 10800', 'expire must be at most 10800'] : undefined;
}

function keyProblem({ token, users }: PushoverState, fields: Fields): Problem | undefined {
  if (fields.token !== token) return ['token', 'invalid', 'application token is invalid'];
  const { user = '' } = fields;
  if (/^[A-Za-z0-9]{30}$/.test(user) && users.has(user)) return undefined;
  const why = 'is not a valid user, group, or subscribed user key, see https://pushover.net/api#identifiers';
  return ['user', 'invalid', `user identifier ${why}`];
}

function messageProblem(fields: Fields): Problem | undefined {
  const { message = '' } = fields;
  if (message.trim() === '') return ['message', 'cannot be blank', 'message cannot be blank'];
  for (const [field, most] of Object.entries(longest)) {
    if (lengthOf(fields[field] ?? '') > most) return [field, 'is too long', `${field} is too long`];
  }
  return priorityProblem(fields);
}

async function readFields(c: Context): Promise<Fields> {
  const text = await c.req.text();
  if (!c.req.header('content-type')?.startsWith('application/json')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  const body: Record<string, unknown> = JSON.parse(text);
  return Object.fromEntries(Object.entries(body).map(([field, value]) => [field, String(value)]));
}

/** https://pushover.net/api. `now` in ms since 1970. Long, because its routes share the ways to answer. */
export function pushoverSimulator(state: PushoverState, traffic: Traffic, now: () => number): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  const seconds = (): number => Math.floor(now() / 1000);
  const wrongToken: Problem = ['token', 'invalid', 'application token is invalid'];
  const noReceipt: Problem = ['receipt', 'not found', 'receipt not found; may be invalid or expired'];
  const accepted = (c: Context, more: object = {}) => c.json({ status: 1, request: randomUUID(), ...more });
  const refused = (c: Context, status: 400 | 404 | 429, [field, value, error]: Problem) =>
    c.json({ [field]: value, errors: [error], status: 0, request: randomUUID() }, status);
  const tellLimits = (c: Context) => {
    c.header('x-limit-app-limit', String(state.limit));
    c.header('x-limit-app-remaining', String(state.remaining));
    c.header('x-limit-app-reset', String(state.resetsAt));
  };

  app.post('/1/messages.json', async (c) => {
    const fields = await readFields(c);
    const problem = keyProblem(state, fields) ?? messageProblem(fields);
    if (problem !== undefined) return refused(c, 400, problem);
    if (state.remaining <= 0) {
      tellLimits(c);
      // The body blames the token, as the real one does.
      return refused(c, 429, ['token', 'invalid', `application has exceeded current limit of ${state.limit} messages`]);
    }
    state.remaining -= 1;
    const { token: _, ...shown } = fields;
    const { user = '', title = '', message = '' } = shown;
    state.received.push({ receivedAt: now(), user, title, message, fields: shown });
    tellLimits(c);
    if (fields.priority !== '2') return accepted(c);
    const receipt = randomUUID().replaceAll('-', '').slice(0, 30);
    state.urgent.set(receipt, createUrgentPush(shown, receipt, seconds()));
    return accepted(c, { receipt });
  });
  app.post('/1/users/validate.json', async (c) => {
    const problem = keyProblem(state, await readFields(c));
    if (problem !== undefined) return refused(c, 400, problem);
    return accepted(c, { group: 0, devices: ['phone'], licenses: ['Android'] });
  });
  app.get('/1/apps/limits.json', (c) => {
    if (c.req.query('token') !== state.token) return refused(c, 400, wrongToken);
    return accepted(c, { limit: state.limit, remaining: state.remaining, reset: state.resetsAt });
  });
  app.get('/1/receipts/:file{[^/]+[.]json}', (c) => {
    if (c.req.query('token') !== state.token) return refused(c, 400, wrongToken);
    const push = state.urgent.get(c.req.param('file').replace(/\.json$/, ''));
    return push === undefined ? refused(c, 404, noReceipt) : accepted(c, receiptBody(push, seconds()));
  });
  app.post('/1/receipts/:receipt/cancel.json', async (c) => {
    if ((await readFields(c)).token !== state.token) return refused(c, 400, wrongToken);
    const push = state.urgent.get(c.req.param('receipt'));
    if (push === undefined) return refused(c, 404, noReceipt);
    return accepted(c, { canceled: cancelPushes([push], seconds()) });
  });
  app.post('/1/receipts/cancel_by_tag/:file', async (c) => {
    if ((await readFields(c)).token !== state.token) return refused(c, 400, wrongToken);
    const tag = c.req.param('file').replace(/\.json$/, '');
    const pushes = [...state.urgent.values()].filter(({ tags }) => tags.includes(tag));
    return accepted(c, { canceled: cancelPushes(pushes, seconds()) });
  });
  return app;
}
