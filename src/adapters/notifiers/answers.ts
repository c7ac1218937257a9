import * as v from 'valibot';
import { dayMs, minuteMs } from '../../domain/time.js';
import { address } from '../address.js';
import type { NoAnswer, Reply } from '../http.js';
import type { Problem, SendOutcome } from './notification.js';
import type { CheckResult } from './notifier.js';

type Failure = Exclude<SendOutcome, { kind: 'accepted' }>;
type Service = { readonly label: string; readonly origin: { readonly variable: string } | undefined };

export const accepted = (receipt?: string): SendOutcome => ({ kind: 'accepted', receipt });

export const rejected = (whose: 'account' | 'user' | 'message', detail: string, remedy: string): Failure => ({
  kind: 'rejected',
  whose,
  isGone: false,
  problem: { detail, remedy },
});

/** The address is not to be called again. */
export const gone = (detail: string, remedy: string): Failure => ({
  kind: 'rejected',
  whose: 'user',
  isGone: true,
  problem: { detail, remedy },
});

const againRemedy = 'nothing: it is sent again, and says that it may be a repeat';

export const unanswered = ({ label }: Service, { detail }: NoAnswer): Failure => ({
  kind: 'unknown',
  until: undefined,
  problem: {
    detail: `${label} did not answer (${detail}), so the message may have arrived or not`,
    remedy: againRemedy,
  },
});

/** 5xx, or an answer that cannot be read: the message may have got through all the same. */
export const unclear = ({ label }: Service, { status }: Reply, until?: number): Failure => ({
  kind: 'unknown',
  until,
  problem: {
    detail: `${label} answered ${status === 200 ? 'something unexpected' : `HTTP ${status}`}, so the message may have arrived or not`,
    remedy: againRemedy,
  },
});

export const rateLimited = ({ label }: Service, whose: 'account' | 'user', until: number): Failure => ({
  kind: 'rate-limited',
  whose,
  until,
  problem: {
    detail: `${label} asks to wait: too many messages`,
    remedy: 'nothing: it is sent when the wait is over; where that happens often, fewer alerts or another channel help',
  },
});

function elsewhere({ label, origin }: Service, { status }: Reply): Problem {
  const where = origin === undefined ? 'the address in the secret' : origin.variable;
  return {
    detail: `HTTP ${status} in place of ${label}'s answer`,
    remedy: `check ${where}, and whether a proxy or firewall is in between`,
  };
}

/** A refusal that is not in the service's own form. */
export const notTheService = (service: Service, reply: Reply): Failure => {
  const { detail, remedy } = elsewhere(service, reply);
  return rejected('message', detail, remedy);
};

/** The body as JSON of this form; undefined where it is a page, cut short, or something else. */
export function bodyOf<Schema extends v.GenericSchema>(
  schema: Schema,
  { text }: Reply,
): v.InferOutput<Schema> | undefined {
  const body = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return body.success ? body.output : undefined;
}

/** Where a service says nothing of how long. */
const usualWaitMs = minuteMs;
/** A longer wait is nonsense, and must not silence anybody for good. */
const longestWaitMs = 32 * dayMs;

/** The instant until which to wait, from seconds that a service named in whatever form. Fractions are rounded up. */
export function waitUntil(seconds: unknown, now: number): number | undefined {
  const number = typeof seconds === 'string' && seconds.trim() !== '' ? Number(seconds) : seconds;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) return undefined;
  const waitMs = Math.ceil(number * 1000);
  return waitMs <= longestWaitMs ? now + waitMs : undefined;
}

/** Seconds or a date. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function retryAfter({ headers }: Reply, now: number): number | undefined {
  const header = headers.get('retry-after');
  if (header === null) return undefined;
  const inSeconds = waitUntil(header, now);
  if (inSeconds !== undefined || /^[\d.\s-]*$/.test(header)) return inSeconds;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : waitUntil(Math.max(0, (date - now) / 1000), now);
}

export const usualWait = (now: number): number => now + usualWaitMs;

const tryAgain = ({ origin }: Service): string =>
  `try again in a minute; where that stays so, check the network and ${origin?.variable ?? 'the address'}`;

export const uncheckable = (service: Service, { detail }: NoAnswer): CheckResult => ({
  kind: 'unknown',
  problem: { detail: `${service.label} did not answer (${detail})`, remedy: tryAgain(service) },
});

/** An answer that says nothing: a page, half of one, or a service out of order. */
export const notReadable = (service: Service, reply: Reply): Problem => {
  if (reply.status < 500) return elsewhere(service, reply);
  return { detail: `${service.label} is out of order (HTTP ${reply.status})`, remedy: tryAgain(service) };
};

/** What a failed look-up says of an account or address. A wait or an outage says nothing of it. */
export function checkFailure(service: Service, outcome: SendOutcome, reply: Reply): CheckResult {
  switch (outcome.kind) {
    case 'rejected':
      return { kind: 'wrong', problem: outcome.problem };
    case 'rate-limited':
    case 'quota-exceeded':
      return { kind: 'unknown', problem: outcome.problem };
    default:
      return { kind: 'unknown', problem: notReadable(service, reply) };
  }
}

/** `path` under an origin; in a notifier an address is a user's. */
export const under = (origin: string, path: string): URL => address(origin, path);
