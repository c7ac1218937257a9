import { randomBytes } from 'node:crypto';
import type { Hono } from 'hono';
import { createSimulator, type SimulatorEnv, type Traffic } from './faults.js';
import { createPace, type Rate } from './pace.js';

export interface NtfyMessage {
  readonly receivedAt: number;
  readonly topic: string;
  readonly title: string;
  readonly message: string;
  readonly priority: number;
  readonly tags: readonly string[];
  /** The message was too long, so that people get a file in its place. */
  readonly isAttachment: boolean;
}

/** Plain and mutable. */
export interface NtfyState {
  /** Whose name each token is. */
  readonly tokens: Map<string, string>;
  /** Topics that need a token, with those who may write. Every other topic is open to all. */
  readonly protectedTopics: Map<string, readonly string[]>;
  readonly received: NtfyMessage[];
  limit: Rate;
  /** Messages left of the day. */
  remaining: number;
}

/** https://docs.ntfy.sh/publish/#limitations: a burst of 60, then one in 5 s */
export const ntfyLimit: Rate = { most: 60, perMs: 300_000 };
export const ntfyMessagesADay = 250;

interface Publish {
  readonly topic?: unknown;
  readonly title?: string;
  readonly message?: string;
  readonly priority?: number;
  readonly tags?: readonly string[];
}

/** https://github.com/binwiederhier/ntfy/blob/main/server/errors.go */
const errors = {
  badJson: { code: 40024, http: 400, error: 'invalid request: request body must be message JSON' },
  badTopic: { code: 40009, http: 400, error: 'invalid request: topic invalid' },
  badPriority: { code: 40007, http: 400, error: 'invalid request: priority invalid' },
  unauthorized: { code: 40101, http: 401, error: 'unauthorized', link: 'https://ntfy.sh/docs/publish/#authentication' },
  forbidden: { code: 40301, http: 403, error: 'forbidden', link: 'https://ntfy.sh/docs/publish/#authentication' },
  tooLarge: { code: 41303, http: 413, error: 'JSON body too large' },
  tooMany: {
    code: 42901,
    http: 429,
    error: 'limit reached: too many requests',
    link: 'https://ntfy.sh/docs/publish/#limitations',
  },
  dayOver: {
    code: 42908,
    http: 429,
    error: 'limit reached: daily message quota reached',
    link: 'https://ntfy.sh/docs/publish/#limitations',
  },
};

/** 2 × 4096 bytes of message, and as much again for the rest. */
const longestBody = 131_072;

function read(body: string): Publish | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** https://docs.ntfy.sh/publish/. `now` in ms since 1970. */
export function ntfySimulator(state: NtfyState, traffic: Traffic, now: () => number): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  const pace = createPace(now);
  const refuse = (error: (typeof errors)[keyof typeof errors]): Response =>
    Response.json(error, { status: error.http });

  /** '*' is anybody; undefined where the token is nobody's. */
  function visitorOf(authorization: string | undefined): string | undefined {
    return authorization === undefined ? '*' : state.tokens.get(authorization.replace(/^Bearer /, ''));
  }

  app.get('/v1/account', (c) => {
    const username = visitorOf(c.req.header('authorization'));
    return username === undefined
      ? refuse(errors.unauthorized)
      : c.json({ username, role: username === '*' ? 'anonymous' : 'user' });
  });
  app.post('/', async (c) => {
    const visitor = visitorOf(c.req.header('authorization'));
    if (visitor === undefined) return refuse(errors.unauthorized);
    if (pace.take('visitor', state.limit) > 0) return refuse(errors.tooMany);
    const body = await c.req.text();
    if (Buffer.byteLength(body) > longestBody) return refuse(errors.tooLarge);
    const publish = read(body);
    if (publish === undefined) return refuse(errors.badJson);
    const { topic, title = '', message = '', priority = 3, tags = [] } = publish;
    const given = { title: publish.title || undefined, priority: publish.priority, tags: publish.tags };
    if (typeof topic !== 'string' || !/^[-_A-Za-z0-9]{1,64}$/.test(topic)) return refuse(errors.badTopic);
    if (priority < 1 || priority > 5) return refuse(errors.badPriority);
    const writers = state.protectedTopics.get(topic);
    if (writers !== undefined && !writers.includes(visitor)) return refuse(errors.forbidden);
    if (state.remaining <= 0) return refuse(errors.dayOver);
    state.remaining -= 1;
    const isAttachment = Buffer.byteLength(message) > 4096;
    state.received.push({ receivedAt: now(), topic, title, message, priority, tags, isAttachment });
    const time = Math.floor(now() / 1000);
    const id = randomBytes(9).toString('base64url').replace(/[-_]/g, 'x').slice(0, 10);
    return c.json({ id, time, expires: time + 43_200, event: 'message', topic, message, ...given });
  });
  return app;
}
