import * as v from 'valibot';
import type { Reply } from '../http.js';
import * as answers from './answers.js';
import { keyText } from './key-schemas.js';
import type { Notification, SendOutcome } from './notification.js';
import {
  type AccountCheck,
  type AccountContext,
  type CheckResult,
  type Context,
  isQuiet,
  type Notifier,
} from './notifier.js';
import { receipts, tagOf } from './pushover-receipts.js';
import { cutTo, shownWords } from './text.js';

interface Account {
  readonly token: string;
}
type Application = AccountContext<Account>;

const service = { label: 'Pushover', origin: { variable: 'PUSHOVER_BASE_URL', url: 'https://api.pushover.net' } };

/** https://pushover.net/api#messages */
const limits = { title: 250, text: 1024 };

/** https://pushover.net/api#priority: -1 makes no sound, 1 breaks through quiet hours, 2 rings until acknowledged */
const priorities = { low: '-1', normal: '0', high: '1', urgent: '2' };
/** At least 30 s and at most 10800 s; again each minute for an hour. https://pushover.net/api/receipts */
const urgentFields = { retry: '60', expire: '3600' };

/** The refused field stands at top level beside `errors`. https://pushover.net/api#response */
const Body = v.object({
  status: v.optional(v.unknown()),
  errors: v.fallback(v.array(v.string()), []),
  token: v.optional(v.unknown()),
  user: v.optional(v.unknown()),
  receipt: v.optional(v.string()),
});
type Body = v.InferOutput<typeof Body>;

const Limits = v.object({ status: v.literal(1), limit: v.number(), remaining: v.number(), reset: v.number() });
const User = v.object({
  status: v.literal(1),
  devices: v.fallback(v.array(v.unknown()), []),
  group: v.fallback(v.union([v.number(), v.boolean()]), 0),
});

function formOf(notification: Notification, { account, address }: Context<Account, string>): URLSearchParams {
  const { title, text } = cutTo(notification, limits);
  const priority = isQuiet(notification) ? priorities.low : priorities[notification.priority];
  return new URLSearchParams({
    token: account.token,
    user: address,
    title,
    message: text.trim() === '' ? title : text,
    timestamp: String(Math.floor(notification.happenedAt / 1000)),
    priority,
    // `tag` would be ignored silently.
    ...(priority === priorities.urgent && { ...urgentFields, tags: tagOf(notification.id) }),
  });
}

function rejection({ token, user, errors }: Body, status: number, context: Application, address: string): SendOutcome {
  const { places } = context;
  const why = shownWords(errors.join('; '), [context.account, address]) || `HTTP ${status}`;
  if (token !== undefined) {
    const remedy = `correct ${places.account} in the secret`;
    return answers.rejected('account', `Pushover refuses the application (${why})`, remedy);
  }
  if (user !== undefined) {
    const remedy = `correct ${places.address} in the secret`;
    return answers.rejected('user', `Pushover refuses the user's key (${why})`, remedy);
  }
  return answers.rejected('message', `Pushover refuses the message (${why})`, 'shorten the name and notes of the row');
}

/** The status comes first: a used-up quota calls the token invalid too, and says nothing of Retry-After. */
function readReply(reply: Reply, context: Application, address: string): SendOutcome {
  const { status, headers } = reply;
  if (status === 429) {
    const reset = headers.get('x-limit-app-reset') ?? '';
    const resetsAt = /^\d{1,11}$/.test(reset) ? Number(reset) * 1000 : undefined;
    const problem = {
      detail: "Pushover's monthly quota is used up",
      remedy: 'buy more messages, or wait for its reset',
    };
    return { kind: 'quota-exceeded', whose: 'account', resetsAt, problem };
  }
  const body = answers.bodyOf(Body, reply);
  if (status >= 400 && status < 500) {
    return body === undefined ? answers.notTheService(service, reply) : rejection(body, status, context, address);
  }
  if (status !== 200 || typeof body?.status !== 'number') return answers.unclear(service, reply);
  return body.status === 1 ? answers.accepted(body.receipt) : rejection(body, status, context, address);
}

const post = ({ transport, origin }: Application, path: string, form: URLSearchParams) =>
  transport({ method: 'post', url: answers.under(origin, path), body: form });

const fewShare = 0.1;

const moreMessages = "buy messages for the application at pushover.net, or wait for the month's reset";

function quotaResult({ limit, remaining, reset }: v.InferOutput<typeof Limits>): CheckResult {
  const detail = `${remaining} of ${limit} messages left until ${new Date(reset * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  if (remaining <= 0) return { kind: 'wrong', problem: { detail, remedy: moreMessages } };
  return { kind: 'right', detail, ...(remaining < limit * fewShare && { remedy: `few are left: ${moreMessages}` }) };
}

/** https://pushover.net/api#limits */
async function checkAccount(context: Application): Promise<readonly AccountCheck[]> {
  const known: AccountCheck = { what: 'token', kind: 'right', detail: 'Pushover knows the application' };
  const unknown = { what: 'quota', kind: 'unchecked', detail: 'the application could not be looked up' } as const;
  const url = answers.under(context.origin, '/1/apps/limits.json');
  url.searchParams.set('token', context.account.token);
  const reply = await context.transport({ method: 'get', url });
  if (!reply.ok) return [{ what: 'token', ...answers.uncheckable(service, reply.error) }, unknown];
  if (reply.value.status === 429) {
    const problem = { detail: "the month's messages are used up", remedy: moreMessages };
    return [known, { what: 'quota', kind: 'wrong', problem }];
  }
  const body = reply.value.status === 200 ? answers.bodyOf(Limits, reply.value) : undefined;
  if (body !== undefined) return [known, { what: 'quota', ...quotaResult(body) }];
  const failure = answers.checkFailure(service, readReply(reply.value, context, ''), reply.value);
  return [{ what: 'token', ...failure }, unknown];
}

const key = (expected: string) => keyText(/^[A-Za-z0-9]{30}$/, expected);

/** https://pushover.net/api */
export const pushover: Notifier<Account, string> = {
  name: 'pushover',
  ...service,
  account: v.object(
    { token: key('expected the API token of your Pushover application, 30 letters and digits') },
    'expected {"token": "…"} with the API token of your Pushover application',
  ),
  address: key('expected a Pushover user key, 30 letters and digits'),
  questions: {
    account: [{ field: 'token', ask: 'API token of your Pushover application', isHidden: true, isOptional: false }],
    address: [{ field: '', ask: 'Pushover user key', isHidden: true, isOptional: false }],
  },
  /** https://pushover.net/api#friendly: "you should use no more than 2 concurrent HTTP (TCP) connections" */
  connections: { allowed: 2, per: 'account' },
  can: { silent: 'yes', urgent: 'until-acknowledged' },
  fits: (notification) => !cutTo(notification, limits).isCut,
  async send(context, notification) {
    const reply = await post(context, '/1/messages.json', formOf(notification, context));
    return reply.ok ? readReply(reply.value, context, context.address) : answers.unanswered(service, reply.error);
  },
  checkAccount,
  /** https://pushover.net/api#validate */
  async checkAddress(context) {
    const form = new URLSearchParams({ token: context.account.token, user: context.address });
    const reply = await post(context, '/1/users/validate.json', form);
    if (!reply.ok) return answers.uncheckable(service, reply.error);
    const user = reply.value.status === 200 ? answers.bodyOf(User, reply.value) : undefined;
    if (user === undefined)
      return answers.checkFailure(service, readReply(reply.value, context, context.address), reply.value);
    const devices = user.devices.length;
    if (Number(user.group) === 1) {
      return { kind: 'right', detail: "the key of a group; its members' devices get the pushes" };
    }
    if (devices > 0) {
      return { kind: 'right', detail: `the key is valid, ${devices} ${devices === 1 ? 'device' : 'devices'}` };
    }
    const problem = {
      detail: 'the key is valid, but no device is registered',
      remedy: 'install the Pushover app there and sign in',
    };
    return { kind: 'wrong', problem };
  },
  receipts,
};
