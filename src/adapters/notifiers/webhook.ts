import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import type { Reply } from '../http.js';
import * as answers from './answers.js';
import { keyText, keyUrl } from './key-schemas.js';
import type { Json, Notification, SendOutcome } from './notification.js';
import { type Context, isQuiet, type Notifier } from './notifier.js';
import { cut, cutTo } from './text.js';

interface Receiver {
  readonly url: string;
  readonly secret: string;
}

const service = { label: 'the webhook', origin: undefined };

/** "less than 20kb". https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-size */
const bytesLimit = 20_000;
const limits = { title: 250, text: 4000 };

const types = { fired: 'alert.fired', digest: 'alerts.fired', notice: 'notice', test: 'test' } as const;

function shortened(value: Json, text: number, list: number): Json {
  if (typeof value === 'string') return cut(value, text);
  if (Array.isArray(value)) return value.slice(0, list).map((each) => shortened(each, text, list));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shortened(each, text, list)]));
}

/** The same bytes at every attempt, as long as the notification says the same. */
function renderedBody(notification: Notification): { readonly body: string; readonly isCut: boolean } {
  const { kind, priority, direction, happenedAt } = notification;
  const { title, text, isCut } = cutTo(notification, limits);
  const bodyWith = (shownText: string, facts: Json, isShortened: boolean): string =>
    JSON.stringify({
      type: types[kind],
      timestamp: new Date(happenedAt).toISOString(),
      data: {
        title,
        text: shownText,
        priority,
        silent: isQuiet(notification),
        direction: direction ?? null,
        facts,
        ...(isShortened && { shortened: true }),
      },
    });
  const [whole = '', ...shorter] = [
    bodyWith(text, notification.facts, isCut),
    bodyWith(cut(text, 2000), shortened(notification.facts, 200, 50), true),
    bodyWith(cut(text, 1000), shortened(notification.facts, 50, 10), true),
  ];
  const hasRoom = (body: string): boolean => Buffer.byteLength(body) < bytesLimit;
  if (hasRoom(whole)) return { body: whole, isCut };
  return { body: shorter.find(hasRoom) ?? bodyWith('', {}, true), isCut: true };
}

/** HMAC-SHA256 with the decoded key. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
export function signatureOf(secret: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** A full stop would end the id in what is signed. */
const idOf = ({ id }: Notification): string => id.replace(/[^\w-]/g, '_');

function readReply(reply: Reply, { places, now }: Context<undefined, Receiver>): SendOutcome {
  const { status } = reply;
  const at = now();
  if (status >= 200 && status < 300) return answers.accepted();
  if (status === 429) {
    return answers.rateLimited(service, 'user', answers.retryAfter(reply, at) ?? answers.usualWait(at));
  }
  if (status < 200 || status >= 500 || status === 408) {
    return answers.unclear(service, reply, answers.retryAfter(reply, at));
  }
  if (status < 400) {
    const remedy = `a redirect is not followed: write the final address to ${places.address}.url in the secret`;
    return answers.rejected('user', `the webhook leads elsewhere (HTTP ${status})`, remedy);
  }
  if (status === 410) {
    const remedy = `write a new address to ${places.address}.url in the secret, or remove the webhook there`;
    return answers.gone('the webhook wants no more messages (HTTP 410)', remedy);
  }
  if (status === 400 || status === 413 || status === 415 || status === 422) {
    const remedy = 'look into the log of the receiver: the README has the form of the body';
    return answers.rejected('message', `the webhook refuses the message (HTTP ${status})`, remedy);
  }
  const remedy = `check url and secret of ${places.address} in the secret, and the receiver`;
  return answers.rejected('user', `the webhook refuses us (HTTP ${status})`, remedy);
}

const expectedSecret = 'expected whsec_ and 24 to 64 bytes in base64';
const expectedUrl = "expected the receiver's address, https://…";

/** Standard Webhooks. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const webhook: Notifier<undefined, Receiver> = {
  name: 'webhook',
  ...service,
  account: undefined,
  address: v.object(
    {
      url: keyUrl(expectedUrl, () => true),
      secret: v.pipe(
        keyText(/^whsec_([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}(==)?|[A-Za-z0-9+/]{3}=?)?$/, expectedSecret),
        v.check((secret) => {
          const { length } = Buffer.from(secret.slice('whsec_'.length), 'base64');
          return length >= 24 && length <= 64;
        }, expectedSecret),
      ),
    },
    'expected {"url": "https://…", "secret": "whsec_…"}',
  ),
  questions: {
    account: [],
    address: [
      { field: 'url', ask: 'Webhook address', isHidden: true, isOptional: false },
      {
        field: 'secret',
        ask: 'Webhook secret',
        hint: 'whsec_ and 24 to 64 bytes in base64; the receiver checks the signature with it.',
        isHidden: true,
        isOptional: false,
      },
    ],
  },
  connections: { allowed: 4, per: 'address' },
  endsAddresses: true,
  can: { silent: 'passed-on', urgent: 'passed-on' },
  fits: (notification) => !renderedBody(notification).isCut,
  async send(context, notification) {
    const { url, secret } = context.address;
    const { body } = renderedBody(notification);
    const id = idOf(notification);
    const timestamp = Math.floor(context.now() / 1000);
    const reply = await context.transport({
      method: 'post',
      url: new URL(url),
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signatureOf(secret, id, timestamp, body),
      },
      body,
    });
    return reply.ok ? readReply(reply.value, context) : answers.unanswered(service, reply.error);
  },
  checkAccount: async () => [],
  checkAddress: async () => ({
    kind: 'unchecked',
    detail: 'a webhook can only be tried with a message; test-push sends one',
  }),
};
