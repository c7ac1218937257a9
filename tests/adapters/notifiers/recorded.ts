import type { Transport } from '../../../src/adapters/notifiers/transport.js';
import { ok } from '../../../src/domain/result.js';
import { type Captured, captured, testCaptured } from '../../support/captured.js';

export interface Recording extends Captured {
  readonly file: string;
}

export const recording = (service: string, file: string): Recording => ({ ...captured(`${service}/${file}`), file });

/** Over what the service really answered. Skipped, never green, where one of the recordings is not there. */
export function testOverRecordings(
  service: string,
  name: string,
  files: readonly string[],
  body: (all: readonly Recording[]) => Promise<void>,
): void {
  testCaptured(
    name,
    files.map((file) => `${service}/${file}`),
    () => body(files.map((file) => recording(service, file))),
  );
}

type Reply = Pick<Captured, 'status' | 'text' | 'headers'>;

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON comes parsed, anything else as it is. */
  readonly body: ReturnType<typeof JSON.parse>;
}

/** As if the service gave these answers in turn, the last one again and again; each request is kept in `asked`. */
export function answering(...replies: readonly Reply[]): Transport & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const transport: Transport = async (request) => {
    const { status, text, headers } = replies[Math.min(asked.length, replies.length - 1)] as Reply;
    asked.push({
      ...request,
      url: request.url.href,
      body: isJson(request.body) ? JSON.parse(request.body) : request.body,
    });
    // What belongs to the connection is not the reply's.
    const kept = Object.entries(headers).filter(([header]) => !/^(content-length|connection|status)$/i.test(header));
    return ok({ status, text, headers: new Headers(kept) });
  };
  return Object.assign(transport, { asked });
}

const isJson = (body: unknown): body is string => typeof body === 'string' && body.startsWith('{');

/** The names of the fields at every depth, for comparing forms. */
export function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(formOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, formOf(each)]));
}
