import * as v from 'valibot';
import { dayMs } from '../../domain/time.js';
import type { Reply } from '../http.js';
import * as answers from './answers.js';
import { keyText, keyUrl } from './key-schemas.js';
import type { Notification, Priority, SendOutcome } from './notification.js';
import { type Context, isQuiet, type Notifier } from './notifier.js';
import { cutTo, shownWords, utf8Bytes } from './text.js';

interface Topic {
  readonly topic: string;
  readonly token?: string | undefined;
  readonly server?: string | undefined;
}
type Subscription = Context<undefined, Topic>;

const service = { label: 'ntfy', origin: { variable: 'NTFY_BASE_URL', url: 'https://ntfy.sh' } };

/** In bytes; a longer message becomes an attachment. https://docs.ntfy.sh/publish/#limitations */
const limits = { title: 250, text: 4096 };

/** https://docs.ntfy.sh/publish/#message-priority: 2 makes no sound, 5 vibrates long and breaks through */
const priorities: Readonly<Record<Priority, number>> = { low: 2, normal: 3, high: 4, urgent: 5 };
const quiet = priorities.low;

const tags = { up: ['chart_with_upwards_trend'], down: ['chart_with_downwards_trend'] };

const Sent = v.object({ id: v.string(), event: v.literal('message') });
const Refused = v.object({ code: v.number(), error: v.optional(v.string(), '') });
const Visitor = v.object({ username: v.string() });

/** https://github.com/binwiederhier/ntfy/blob/main/server/errors.go */
const dayQuota = 42908;
const topicInvalid = 40009;

const nextMidnight = (now: number): number => (Math.floor(now / dayMs) + 1) * dayMs;

const serverOf = ({ address, origin }: Subscription): string => address.server ?? origin;
const authorization = ({ token }: Topic) => (token === undefined ? undefined : { authorization: `Bearer ${token}` });

function payloadOf(notification: Notification, { topic }: Topic): object {
  const { title, text } = cutTo(notification, limits, utf8Bytes);
  return {
    topic,
    title,
    message: text === '' ? title : text,
    priority: isQuiet(notification) ? quiet : priorities[notification.priority],
    ...(notification.direction && { tags: tags[notification.direction] }),
  };
}

function readFailure(reply: Reply, { address, places, now }: Subscription): SendOutcome {
  const { status } = reply;
  if (status < 400 || status >= 500) return answers.unclear(service, reply);
  const body = answers.bodyOf(Refused, reply);
  if (status === 429) {
    const problem = {
      detail: "the day's messages at ntfy are used up",
      remedy: 'wait for midnight UTC, or use an account with more',
    };
    if (body?.code === dayQuota) {
      return { kind: 'quota-exceeded', whose: 'user', resetsAt: nextMidnight(now()), problem };
    }
    return answers.rateLimited(service, 'user', answers.retryAfter(reply, now()) ?? answers.usualWait(now()));
  }
  if (body === undefined) return answers.notTheService(service, reply);
  const words = shownWords(body.error, address) || `HTTP ${status}`;
  if (status === 401 || status === 403) {
    const remedy = `correct the token, or let it write to the topic, under ${places.address} in the secret`;
    return answers.rejected('user', `ntfy does not let us write to the topic (${words})`, remedy);
  }
  if (body.code === topicInvalid || status === 404) {
    return answers.rejected('user', `ntfy refuses the topic (${words})`, `correct ${places.address} in the secret`);
  }
  return answers.rejected('message', `ntfy refuses the message (${words})`, 'shorten the name and notes of the row');
}

const expectedAddress =
  'expected {"topic": "…"}, with a "token" where the topic needs one and a "server" where it is your own';
const expectedToken = 'expected an access token, tk_ and letters and digits';
const expectedServer = 'expected the address of your own server, such as https://ntfy.example.com';

/** https://docs.ntfy.sh/publish/#publish-as-json: to the root; posted to a topic the JSON would be the text. */
export const ntfy: Notifier<undefined, Topic> = {
  name: 'ntfy',
  ...service,
  account: undefined,
  address: v.object(
    {
      topic: keyText(
        /^[-_A-Za-z0-9]{1,64}$/,
        'expected the name of a topic, at most 64 letters, digits, dashes and underscores',
      ),
      token: v.optional(keyText(/^tk_[A-Za-z0-9]{5,100}$/, expectedToken)),
      server: v.optional(
        v.pipe(
          keyUrl(expectedServer, () => true),
          v.check((server) => /^\/?$/.test(new URL(server).pathname + new URL(server).search), expectedServer),
        ),
      ),
    },
    expectedAddress,
  ),
  questions: {
    account: [],
    address: [
      {
        field: 'topic',
        ask: 'ntfy topic',
        hint: 'Whoever knows the name of a topic can read it: choose one that nobody guesses.',
        isHidden: true,
        isOptional: false,
      },
      {
        field: 'token',
        ask: 'ntfy access token',
        hint: 'Only a topic that is reserved needs one.',
        isHidden: true,
        isOptional: true,
      },
      { field: 'server', ask: 'ntfy server', isHidden: false, isOptional: true },
    ],
  },
  connections: { allowed: 4, per: 'address' },
  can: { silent: 'yes', urgent: 'louder' },
  fits: (notification) => !cutTo(notification, limits, utf8Bytes).isCut,
  async send(context, notification) {
    const reply = await context.transport({
      method: 'post',
      url: answers.under(serverOf(context), '/'),
      headers: { 'content-type': 'application/json', ...authorization(context.address) },
      body: JSON.stringify(payloadOf(notification, context.address)),
    });
    if (!reply.ok) return answers.unanswered(service, reply.error);
    const isSent = reply.value.status === 200 && answers.bodyOf(Sent, reply.value) !== undefined;
    return isSent ? answers.accepted() : readFailure(reply.value, context);
  },
  checkAccount: async () => [],
  async checkAddress(context) {
    const headers = authorization(context.address);
    if (headers === undefined) {
      return {
        kind: 'unchecked',
        detail: 'a topic without a token can only be tried with a message; test-push sends one',
      };
    }
    const reply = await context.transport({
      method: 'get',
      url: answers.under(serverOf(context), '/v1/account'),
      headers,
    });
    if (!reply.ok) return answers.uncheckable(service, reply.error);
    const visitor = reply.value.status === 200 ? answers.bodyOf(Visitor, reply.value) : undefined;
    if (visitor === undefined) return answers.checkFailure(service, readFailure(reply.value, context), reply.value);
    // A server without accounts takes any token for nobody's.
    return visitor.username === '*'
      ? { kind: 'unchecked', detail: 'this ntfy server has no accounts, so the token says nothing' }
      : { kind: 'right', detail: 'ntfy knows the token; whether it may write to the topic shows at the first message' };
  },
};
