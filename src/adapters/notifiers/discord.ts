import * as v from 'valibot';
import type { SizeOf } from '../../domain/cut-text.js';
import type { Reply } from '../http.js';
import * as answers from './answers.js';
import { keyUrl } from './key-schemas.js';
import type { Notification, SendOutcome } from './notification.js';
import { type Context, isQuiet, type Notifier } from './notifier.js';
import { cutTo, shownWords } from './text.js';

type Webhook = Context<undefined, string>;

const service = { label: 'Discord', origin: undefined };

/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits: a description 4096, all embeds 6000 */
const limits = { title: 256, text: 4096 };

/** Message flag SUPPRESS_NOTIFICATIONS. https://docs.discord.com/developers/resources/message#message-object-message-flags */
const silentFlag = 1 << 12;

const green = 0x2e_a0_43;
const red = 0xd7_3a_49;
const grey = 0x6e_77_81;

const Body = v.object({
  id: v.optional(v.string()),
  code: v.optional(v.unknown()),
  message: v.optional(v.string(), ''),
  retry_after: v.optional(v.unknown()),
  global: v.optional(v.unknown()),
});

/** A cell's text is no Markdown; signs that mean something only at the start of a line are left alone elsewhere. */
const escaped = (text: string): string => text.replace(/[\\*_~`|<[]/g, '\\$&').replace(/^(\s*)([#>-])/gm, '$1\\$2');
const escapedSize: SizeOf = (character) => (/[\\*_~`|<[#>-]/.test(character) ? 2 : character.length);

function payloadOf(notification: Notification): object {
  const { title, text } = cutTo(notification, limits, escapedSize);
  const color = notification.direction === undefined ? grey : notification.direction === 'up' ? green : red;
  const timestamp = new Date(notification.happenedAt).toISOString();
  return {
    // A phone shows the content of a message, and of an embed not always anything.
    content: escaped(title),
    ...(text !== '' && { embeds: [{ description: escaped(text), color, timestamp }] }),
    allowed_mentions: { parse: [] },
    ...(isQuiet(notification) && { flags: silentFlag }),
  };
}

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
const unknownWebhook = 10015;
const invalidToken = 50027;
const threadNeeded = 220001;

function rateLimit(reply: Reply, body: v.InferOutput<typeof Body> | undefined, now: number): SendOutcome {
  const until = answers.waitUntil(body?.retry_after, now) ?? answers.retryAfter(reply, now) ?? answers.usualWait(now);
  // Without Discord's own form it is the guard before it, which counts by IP address, as the global limit does.
  const isOfAll = body === undefined || body.global === true || reply.headers.get('x-ratelimit-scope') === 'global';
  return answers.rateLimited(service, isOfAll ? 'account' : 'user', until);
}

function readReply(reply: Reply, { address, places, now }: Webhook): SendOutcome {
  const body = answers.bodyOf(Body, reply);
  const { status } = reply;
  if (status === 429) return rateLimit(reply, body, now());
  if (status < 200 || status >= 500 || (status >= 300 && status < 400)) return answers.unclear(service, reply);
  if (body === undefined) return status < 300 ? answers.unclear(service, reply) : answers.notTheService(service, reply);
  if (status < 300)
    return status === 200 && body.id !== undefined ? answers.accepted() : answers.unclear(service, reply);
  const words = shownWords(body.message, address) || `HTTP ${status}`;
  const newAddress = `make a new webhook in the channel's settings and write its address to ${places.address} in the secret`;
  if (body.code === unknownWebhook || body.code === invalidToken) {
    return answers.gone(`Discord knows no such webhook (${words})`, newAddress);
  }
  if (body.code === threadNeeded) {
    const remedy = `the webhook's channel is a forum: add ?thread_id=… to ${places.address} in the secret`;
    return answers.rejected('user', `Discord refuses the webhook (${words})`, remedy);
  }
  if (status === 400 || status === 413) {
    return answers.rejected(
      'message',
      `Discord refuses the message (${words})`,
      'shorten the name and notes of the row',
    );
  }
  return answers.rejected('user', `Discord refuses the webhook (${words})`, newAddress);
}

const isWebhookPath = (url: URL): boolean => /^\/api(\/v\d+)?\/webhooks\/\d+\/[\w-]+\/?$/.test(url.pathname);

/** Without `wait` Discord answers before it has saved the message, and never tells that it could not. */
function sendingUrl(address: string): URL {
  const url = new URL(address);
  url.searchParams.set('wait', 'true');
  return url;
}

/** https://docs.discord.com/developers/resources/webhook#execute-webhook */
export const discord: Notifier<undefined, string> = {
  name: 'discord',
  ...service,
  account: undefined,
  address: keyUrl(
    "expected a webhook's address, https://discord.com/api/webhooks/…",
    (url) => /^((canary|ptb)\.)?discord(app)?\.com$/.test(url.hostname) && isWebhookPath(url),
  ),
  questions: {
    account: [],
    address: [
      {
        field: '',
        ask: 'Discord webhook address',
        hint: "In Discord: the channel's settings, Integrations, Webhooks, New Webhook, Copy Webhook URL.",
        isHidden: true,
        isOptional: false,
      },
    ],
  },
  connections: { allowed: 2, per: 'address' },
  endsAddresses: true,
  can: { silent: 'yes', urgent: 'no' },
  fits: (notification) => !cutTo(notification, limits, escapedSize).isCut,
  async send(context, notification) {
    const reply = await context.transport({
      method: 'post',
      url: sendingUrl(context.address),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payloadOf(notification)),
    });
    return reply.ok ? readReply(reply.value, context) : answers.unanswered(service, reply.error);
  },
  checkAccount: async () => [],
  async checkAddress(context) {
    const url = new URL(context.address);
    url.search = '';
    const reply = await context.transport({ method: 'get', url });
    if (!reply.ok) return answers.uncheckable(service, reply.error);
    const outcome = readReply(reply.value, context);
    return outcome.kind === 'accepted'
      ? { kind: 'right', detail: 'Discord knows the webhook' }
      : answers.checkFailure(service, outcome, reply.value);
  },
};
