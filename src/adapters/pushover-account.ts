import * as v from 'valibot';
import type { PushError } from '../domain/delivery/backoff.js';
import type { Problem } from '../domain/problem.js';
import { err, ok, type Result } from '../domain/result.js';
import type { Http, NoAnswer, Reply } from './http.js';
import { refusalOf } from './pushover.js';
import type { Secret } from './secret-text.js';

/** What Pushover knows of a user's key. A group's devices are its members' affair. */
export interface ValidUser {
  readonly devices: number;
  readonly isGroup: boolean;
}

/** Why something could not be looked up; the kinds are those of a push. */
export interface AccountError extends Problem {
  readonly kind: PushError['kind'];
}

/** Of the month, for all applications of the account; `resetsAt` in ms since 1970. */
export interface Limits {
  readonly limit: number;
  readonly remaining: number;
  readonly resetsAt: number;
}

export interface PushoverAccount {
  /** `user` is a name of the secret. https://pushover.net/api#validate */
  validateUser(user: string): Promise<Result<ValidUser, AccountError>>;
  /** https://pushover.net/api#limits */
  readLimits(): Promise<Result<Limits, AccountError>>;
}

const UserBody = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    status: v.literal(1),
    devices: v.fallback(v.array(v.unknown()), []),
    group: v.fallback(v.union([v.number(), v.boolean()]), 0),
  }),
);

const LimitsBody = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ status: v.literal(1), limit: v.number(), remaining: v.number(), reset: v.number() }),
);

const unanswered = ({ detail }: NoAnswer) =>
  err<AccountError>({ kind: 'unknown', message: `Pushover did not answer (${detail})` });

function failure(reply: Reply, user: string, secret: Secret): AccountError {
  const { status } = reply;
  if (status === 429) {
    return { kind: 'quota-exceeded', message: "Pushover's monthly quota is used up" };
  }
  if (status >= 500) return { kind: 'unknown', message: `Pushover is out of order (HTTP ${status})` };
  return { kind: 'rejected', ...refusalOf(reply, user, secret) };
}

export function createPushoverAccount(settings: { baseUrl: string; secret: Secret; http: Http }): PushoverAccount {
  const { secret, http } = settings;
  const addressOf = (path: string): URL => new URL(`${settings.baseUrl.replace(/\/+$/, '')}/1/${path}`);
  const token = secret.pushover_api_token;
  return {
    async validateUser(user) {
      const form = new URLSearchParams({ token, user: secret.pushover_users[user] ?? '' });
      const reply = await http.post(addressOf('users/validate.json'), form);
      if (!reply.ok) return unanswered(reply.error);
      const body = v.safeParse(UserBody, reply.value.text);
      if (reply.value.status !== 200 || !body.success) return err(failure(reply.value, user, secret));
      return ok({ devices: body.output.devices.length, isGroup: Number(body.output.group) === 1 });
    },
    async readLimits() {
      const address = addressOf('apps/limits.json');
      address.searchParams.set('token', token);
      const reply = await http.get(address);
      if (!reply.ok) return unanswered(reply.error);
      const body = v.safeParse(LimitsBody, reply.value.text);
      if (reply.value.status !== 200 || !body.success) return err(failure(reply.value, '', secret));
      const { limit, remaining, reset } = body.output;
      return ok({ limit, remaining, resetsAt: reset * 1000 });
    },
  };
}
