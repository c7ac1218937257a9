import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import * as v from 'valibot';
import type { PushError } from '../domain/delivery/backoff.js';
import type { Message } from '../domain/message.js';
import { type Problem, problemText } from '../domain/problem.js';
import { err, ok, type Result } from '../domain/result.js';
import type { Notifier } from '../flows/ports.js';
import type { Http, Reply } from './http.js';
import type { KeysReader } from './notifiers/connect.js';
import type { Keys } from './notifiers/keys.js';
import { SecretError } from './secret-error.js';

/** https://pushover.net/api#friendly: "you should use no more than 2 concurrent HTTP (TCP) connections" */
const connectionsAllowed = 2;
const longestDetail = 300;

/** The refused field stands at top level beside `errors`. https://pushover.net/api#response */
const Body = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    status: v.optional(v.unknown()),
    errors: v.fallback(v.array(v.string()), []),
    token: v.optional(v.unknown()),
    user: v.optional(v.unknown()),
  }),
);

/**
 * For the checkpoint: 48 bits tell one token from the next, and no way leads back from them to its thirty random
 * characters. The words before it keep it apart from any other hash of the same token.
 */
export const fingerprintOf = (token: string): string =>
  createHash('sha256').update(`trading-alerts pushover token ${token}`).digest('hex').slice(0, 12);

interface Secret {
  readonly pushover_api_token: string;
  readonly pushover_users: Readonly<Record<string, string>>;
}

function pushoverOf({ accounts, users }: Keys): Secret {
  const { token } = (accounts.pushover?.value ?? { token: '' }) as { token: string };
  const named = [...users].flatMap(([name, { pushover }]) =>
    pushover ? [[name, String(pushover.value)] as const] : [],
  );
  return { pushover_api_token: token, pushover_users: Object.fromEntries(named) };
}

/** The answer's own words, without any key it may repeat. */
function explained(errors: readonly string[], secret: Secret): string {
  const keys = [secret.pushover_api_token, ...Object.values(secret.pushover_users)];
  const words = keys.reduce((text, key) => text.replaceAll(key, '…'), errors.join('; ')).replace(/\s+/g, ' ');
  return words.length > longestDetail ? `${words.slice(0, longestDetail - 1)}…` : words;
}

interface Refusal extends Problem {
  readonly whose: 'token' | 'user' | 'message';
}

/** An answer that is neither an acceptance nor a 429 nor a failure of the service. No key is repeated in it. */
export function refusalOf(reply: Reply, user: string, secret: Secret): Refusal {
  const body = v.safeParse(Body, reply.text);
  if (!body.success) {
    const message = `HTTP ${reply.status} in place of Pushover's answer`;
    const remedy = 'check PUSHOVER_BASE_URL, and whether a proxy or firewall is in between';
    return { whose: 'message', message, remedy };
  }
  const { token, user: userField, errors } = body.output;
  const why = explained(errors, secret) || `HTTP ${reply.status}`;
  if (token !== undefined) {
    const message = `Pushover refuses the application (${why})`;
    return { whose: 'token', message, remedy: 'correct pushover_api_token in the secret' };
  }
  if (userField !== undefined) {
    const message = `Pushover refuses the key of "${user}" (${why})`;
    return { whose: 'user', message, remedy: 'correct it under pushover_users in the secret' };
  }
  return { whose: 'message', message: `Pushover refuses the message (${why})` };
}

function rejection(reply: Reply, user: string, secret: Secret): PushError {
  const refusal = refusalOf(reply, user, secret);
  return { kind: 'rejected', whose: refusal.whose, detail: problemText(refusal) };
}

/** The status comes first: a used-up quota calls the token invalid too, and says nothing of Retry-After. */
function readReply(reply: Reply, user: string, secret: Secret): Result<void, PushError> {
  if (reply.status === 429) {
    const reset = reply.headers.get('x-limit-app-reset') ?? '';
    const resetsAt = /^\d{1,11}$/.test(reset) ? Number(reset) * 1000 : undefined;
    const detail = "Pushover's monthly quota is used up; buy more messages, or wait for its reset";
    const tokenFingerprint = fingerprintOf(secret.pushover_api_token);
    return err({ kind: 'quota-exceeded', resetsAt, tokenFingerprint, detail });
  }
  if (reply.status >= 400 && reply.status < 500) return err(rejection(reply, user, secret));
  const body = v.safeParse(Body, reply.text);
  if (reply.status !== 200 || !body.success || typeof body.output.status !== 'number') {
    const came = reply.status === 200 ? 'something unexpected' : `HTTP ${reply.status}`;
    return err({ kind: 'unknown', detail: `Pushover answered ${came}, so the push may have arrived or not` });
  }
  return body.output.status === 1 ? ok(undefined) : err(rejection(reply, user, secret));
}

const formOf = (message: Message, token: string, user: string): URLSearchParams =>
  new URLSearchParams({
    token,
    user,
    title: message.title,
    message: message.text,
    timestamp: String(message.timestamp),
  });

export interface PushoverSettings {
  readonly baseUrl: string;
  readonly secret: KeysReader;
  /** Must not repeat a request: a push is sent once, and the outbox decides about another. */
  readonly http: Http;
  readonly connections?: number;
}

export function createPushover(settings: PushoverSettings): Notifier {
  const { secret, http, connections = connectionsAllowed } = settings;
  const messagesUrl = new URL(`${settings.baseUrl.replace(/\/+$/, '')}/1/messages.json`);
  const connecting = pLimit(connections);

  async function send(message: Message, current: Secret): Promise<Result<void, PushError>> {
    const { user } = message;
    const key = Object.hasOwn(current.pushover_users, user) ? current.pushover_users[user] : undefined;
    if (key === undefined) {
      const detail = `there is no key for "${user}" under pushover_users in the secret; add it`;
      return err({ kind: 'rejected', whose: 'user', detail });
    }
    const reply = await http.post(messagesUrl, formOf(message, current.pushover_api_token, key));
    if (reply.ok) return readReply(reply.value, user, current);
    const detail = `Pushover did not answer (${reply.error.detail}), so the push may have arrived or not`;
    return err({ kind: 'unknown', detail });
  }

  async function push(message: Message): Promise<Result<void, PushError>> {
    try {
      const sent = await send(message, pushoverOf(await secret.read()));
      if (!sent.ok && sent.error.kind === 'rejected' && sent.error.whose !== 'message') secret.forget();
      return sent;
    } catch (error) {
      if (!(error instanceof SecretError)) throw error;
      // Nothing was sent, and nothing can be until the secret is there.
      return err({ kind: 'rejected', whose: 'token', detail: error.message });
    }
  }

  return {
    pushesAtATime: connections,
    users: async () => [...(await secret.read()).users.keys()],
    async tokenFingerprint() {
      secret.forget();
      return fingerprintOf(pushoverOf(await secret.read()).pushover_api_token);
    },
    push: (message) =>
      connecting(async () => {
        const sent = await push(message);
        // fetch takes a connection back a moment after its answer; a push before that would open a third.
        await new Promise(setImmediate);
        return sent;
      }),
  };
}
