import ky, { HTTPError, type Options, TimeoutError } from 'ky';
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
  /** Further attempts after a 5xx answer or none; anything else is final. */
  readonly retries: number;
}

export interface Http {
  get(url: URL): Promise<Result<Reply, NoAnswer>>;
  post(url: URL, form: URLSearchParams): Promise<Result<Reply, NoAnswer>>;
}

const passing = new Set([500, 502, 503, 504]);

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

/** Coinbase refuses requests without a User-Agent; the others do not mind. */
export function createHttp(settings: HttpSettings): Http {
  const { timeoutMs, retries } = settings;
  const client = ky.create({
    timeout: timeoutMs,
    headers: { 'user-agent': 'trading-alerts', accept: 'application/json' },
    retry: {
      limit: retries,
      methods: ['get'],
      statusCodes: [...passing],
      afterStatusCodes: [],
      backoffLimit: 2_000,
      jitter: true,
    },
    throwHttpErrors: (status) => passing.has(status),
  });
  const send = async (url: URL, options: Options): Promise<Result<Reply, NoAnswer>> => {
    try {
      const answer = client(url, options);
      // Only this reading of the body has the time limit too.
      const text = await answer.text();
      const { status, headers } = await answer;
      return ok({ status, headers, text });
    } catch (error) {
      if (!(error instanceof HTTPError)) return err({ detail: detailOf(error, timeoutMs) });
      const body: unknown = error.data;
      const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
      return ok({ status: error.response.status, headers: error.response.headers, text });
    }
  };
  return {
    get: (url) => send(url, { method: 'get' }),
    post: (url, form) => send(url, { method: 'post', body: form }),
  };
}
