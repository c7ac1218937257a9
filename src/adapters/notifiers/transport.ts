import ky, { TimeoutError } from 'ky';
import { err, ok, type Result } from '../../domain/result.js';
import type { NoAnswer, Reply } from '../http.js';

export interface OutgoingRequest {
  readonly method: 'get' | 'post';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes as it is, byte for byte: it may be signed. */
  readonly body?: string | URLSearchParams;
}

/** One request, never repeated and never led elsewhere: a redirect is an answer like any other. */
export type Transport = (request: OutgoingRequest) => Promise<Result<Reply, NoAnswer>>;

/** Fetch hides it in the innermost cause; the messages around it may hold the address, and with it a token. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const inner = 'cause' in error ? codeOf(error.cause) : undefined;
  const code = inner ?? ('code' in error ? error.code : undefined);
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : undefined;
}

function detailOf(error: unknown, timeoutMs: number): string {
  if (error instanceof TimeoutError) return `no answer within ${timeoutMs} ms`;
  const code = codeOf(error);
  return code === undefined ? 'the connection failed' : `the connection failed (${code})`;
}

/** `timeoutMs` for headers and body together: whoever sends has to know by when there is an outcome to write down. */
export function createTransport({ timeoutMs }: { timeoutMs: number }): Transport {
  const client = ky.create({
    timeout: timeoutMs,
    totalTimeout: timeoutMs,
    headers: { 'user-agent': 'trading-alerts', accept: 'application/json' },
    retry: 0,
    redirect: 'manual',
    throwHttpErrors: false,
  });
  return async ({ method, url, headers, body }) => {
    try {
      const answer = client(url, { method, ...(headers && { headers }), ...(body !== undefined && { body }) });
      // Only this reading of the body has the time limit too.
      const text = await answer.text();
      const { status, headers: received } = await answer;
      return ok({ status, headers: received, text });
    } catch (error) {
      return err({ detail: detailOf(error, timeoutMs) });
    }
  };
}
