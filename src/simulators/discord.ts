import type { Hono } from 'hono';
import { createSimulator, type SimulatorEnv, type Traffic } from './faults.js';
import { createPace, type Rate } from './pace.js';

export interface DiscordMessage {
  readonly receivedAt: number;
  readonly webhookId: string;
  readonly content: string;
  readonly description: string;
  readonly color: number | undefined;
  readonly isSilent: boolean;
  /** Whether it could ring people that its text names. */
  readonly mentions: boolean;
  readonly threadId: string | undefined;
}

/** Plain and mutable. */
export interface DiscordState {
  /** Each webhook's token by its id. A forum needs a thread. */
  readonly webhooks: Map<string, { readonly token: string; readonly isForum?: boolean }>;
  readonly received: DiscordMessage[];
  /** The second one is not told in the headers. */
  limits: { readonly webhook: Rate; readonly channel: Rate };
  /** The limit of the IP address is reached for so many seconds. */
  globalWaitSeconds: number | undefined;
}

export const discordLimits: DiscordState['limits'] = {
  webhook: { most: 5, perMs: 2_000 },
  channel: { most: 30, perMs: 60_000 },
};

interface Embed {
  readonly title?: string;
  readonly description?: string;
  readonly color?: number;
}
interface Payload {
  readonly content?: string;
  readonly embeds?: readonly Embed[];
  readonly allowed_mentions?: { readonly parse?: readonly string[] };
  readonly flags?: number;
}

const lengthOf = (text = ''): number => text.length;

/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
function formProblem({ content, embeds = [] }: Payload): { code: number; message: string } | undefined {
  if (lengthOf(content) === 0 && embeds.length === 0) return { code: 50006, message: 'Cannot send an empty message' };
  const isTooLong =
    lengthOf(content) > 2000 ||
    embeds.length > 10 ||
    embeds.some(({ title, description }) => lengthOf(title) > 256 || lengthOf(description) > 4096) ||
    embeds.reduce((sum, { title, description }) => sum + lengthOf(title) + lengthOf(description), 0) > 6000;
  return isTooLong ? { code: 50035, message: 'Invalid Form Body' } : undefined;
}

/**
 * https://docs.discord.com/developers/resources/webhook. `now` in ms since 1970. Long, because its routes share one
 * account of who sent how much.
 */
export function discordSimulator(state: DiscordState, traffic: Traffic, now: () => number): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  const pace = createPace(now);

  function limited(scope: 'user' | 'shared' | 'global', seconds: number): Response {
    const isGlobal = scope === 'global';
    const message = scope === 'shared' ? 'The resource is being rate limited.' : 'You are being rate limited.';
    const bucket = {
      'X-RateLimit-Limit': '5',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': String(now() / 1000 + seconds),
      'X-RateLimit-Reset-After': String(seconds),
      'X-RateLimit-Bucket': 'simulated',
    };
    return Response.json(
      { message, retry_after: seconds, global: isGlobal },
      {
        status: 429,
        headers: {
          'Retry-After': String(Math.ceil(seconds)),
          ...(isGlobal ? { 'X-RateLimit-Global': 'true' } : bucket),
          'X-RateLimit-Scope': scope,
        },
      },
    );
  }

  function limit(id: string): Response | undefined {
    if (state.globalWaitSeconds !== undefined) return limited('global', state.globalWaitSeconds);
    const webhookWaitMs = pace.take(`webhook ${id}`, state.limits.webhook);
    if (webhookWaitMs > 0) return limited('user', webhookWaitMs / 1000);
    const channelWaitMs = pace.take(`channel ${id}`, state.limits.channel);
    return channelWaitMs > 0 ? limited('shared', channelWaitMs / 1000) : undefined;
  }

  function refusal(id: string, token: string): Response | undefined {
    const webhook = state.webhooks.get(id);
    if (webhook === undefined) return Response.json({ message: 'Unknown Webhook', code: 10015 }, { status: 404 });
    if (webhook.token === token) return undefined;
    return Response.json({ message: 'Invalid Webhook Token', code: 50027 }, { status: 401 });
  }

  app.get('/api/webhooks/:id/:token', (c) => {
    const { id, token } = c.req.param();
    return refusal(id, token) ?? c.json({ type: 1, id, name: 'alerts', channel_id: '2', guild_id: '3', token });
  });
  app.post('/api/webhooks/:id/:token', async (c) => {
    const { id, token } = c.req.param();
    const refused = refusal(id, token) ?? limit(id);
    if (refused !== undefined) return refused;
    const payload = await c.req.json<Payload>();
    const problem = formProblem(payload);
    const threadId = c.req.query('thread_id');
    if (state.webhooks.get(id)?.isForum && threadId === undefined) {
      return c.json(
        { message: 'Webhooks posted to forum channels must have a thread_name or thread_id', code: 220001 },
        400,
      );
    }
    // Without `wait` nobody hears of a message that was not saved.
    const waits = c.req.query('wait') === 'true';
    if (problem !== undefined) return waits ? c.json({ ...problem }, 400) : c.body(null, 204);
    const { content = '', embeds = [], allowed_mentions: allowed, flags = 0 } = payload;
    state.received.push({
      receivedAt: now(),
      webhookId: id,
      content,
      description: embeds[0]?.description ?? '',
      color: embeds[0]?.color,
      isSilent: (flags & 4096) !== 0,
      mentions: allowed?.parse === undefined || allowed.parse.length > 0,
      threadId,
    });
    if (!waits) return c.body(null, 204);
    const timestamp = new Date(now()).toISOString();
    return c.json({
      id: String(state.received.length),
      type: 0,
      content,
      channel_id: '2',
      webhook_id: id,
      timestamp,
      embeds,
    });
  });
  return app;
}
