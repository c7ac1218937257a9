import { setTimeout as pause } from 'node:timers/promises';
import ky, { type Options, TimeoutError } from 'ky';
import { err, ok, type Result } from '../domain/result.js';

/** An answer of any status. The body is text: on an error no service can be trusted to send JSON. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Nothing came back, or not in time: whether the request took effect is unknown. `detail` never holds the address. */
export interface NoAnswer {
  readonly detail: string;
}

export interface HttpSettings {
  /** For one attempt, headers and body each. */
  readonly timeoutMs: number;
  /** Further attempts at a GET after a 5xx answer or none, after a timeout at most one; anything else is final. */
  readonly retries: number;
}

export interface Attempt {
  readonly answer: Result<Reply, NoAnswer>;
  readonly hasTimedOut: boolean;
  readonly isFinal: boolean;
}

/** What each attempt at a GET goes through: it may let it wait, or refuse it with the reason. */
export type Pass = (send: () => Promise<Attempt>) => Promise<Result<Attempt, NoAnswer>>;

export interface Http {
  get(url: URL, pass?: Pass): Promise<Result<Reply, NoAnswer>>;
  post(url: URL, form: URLSearchParams): Promise<Result<Reply, NoAnswer>>;
}

const retryableStatuses = new Set([500, 502, 503, 504]);

/** Before a second attempt at most, in ms; before a third twice as long. A timeout has waited long enough. */
const firstPauseMs = 300;

/** `ECONNREFUSED` and the like; fetch hides it in the innermost cause. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const inner = 'cause' in error ? codeOf(error.cause) : undefined;
  return inner ?? ('code' in error && typeof error.code === 'string' ? error.code : undefined);
}

function detailOf(error: unknown, timeoutMs: number): string {
  if (error instanceof TimeoutError) return `no answer within ${timeoutMs} ms`;
  const code = codeOf(error);
  return code === undefined ? 'the connection failed' : `the connection failed (${code})`;
}

const atOnce: Pass = async (send) => ok(await send());

/** Coinbase refuses requests without a User-Agent; the others do not mind. */
export function createHttp(settings: HttpSettings): Http {
  const { timeoutMs, retries } = settings;
  const client = ky.create({
    timeout: timeoutMs,
    headers: { 'user-agent': 'trading-alerts', accept: 'application/json' },
    // Each attempt has to pass by itself, so ky makes one only.
    retry: 0,
    throwHttpErrors: false,
  });
  const send = async (url: URL, options: Options): Promise<Omit<Attempt, 'isFinal'>> => {
    try {
      const answer = client(url, options);
      // Only this reading of the body has the time limit too.
      const text = await answer.text();
      const { status, headers } = await answer;
      return { answer: ok({ status, headers, text }), hasTimedOut: false };
    } catch (error) {
      return { answer: err({ detail: detailOf(error, timeoutMs) }), hasTimedOut: error instanceof TimeoutError };
    }
  };
  /** `done`: how many attempts there were before. */
  const attempt = async (url: URL, done: number): Promise<Attempt> => {
    const { answer, hasTimedOut } = await send(url, { method: 'get' });
    const isWorthwhile = !answer.ok || retryableStatuses.has(answer.value.status);
    return { answer, hasTimedOut, isFinal: !isWorthwhile || done >= (hasTimedOut ? Math.min(1, retries) : retries) };
  };
  return {
    async get(url, pass = atOnce) {
      let last: Result<Reply, NoAnswer> | undefined;
      for (let done = 0; ; done += 1) {
        const passed = await pass(() => attempt(url, done));
        if (!passed.ok) return last ?? passed;
        const { answer, hasTimedOut, isFinal } = passed.value;
        if (isFinal) return answer;
        last = answer;
        // By chance, so that requests that failed together do not come again together.
        if (!hasTimedOut) await pause(Math.random() * firstPauseMs * 2 ** done);
      }
    },
    post: async (url, form) => (await send(url, { method: 'post', body: form })).answer,
  };
}
