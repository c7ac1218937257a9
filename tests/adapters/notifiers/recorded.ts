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

/** As if the service gave this answer to anything. */
export const answering =
  ({ status, text, headers }: Pick<Captured, 'status' | 'text' | 'headers'>): Transport =>
  async () => {
    // What belongs to the connection is not the reply's.
    const kept = Object.entries(headers).filter(([header]) => !/^(content-length|connection|status)$/i.test(header));
    return ok({ status, text, headers: new Headers(kept) });
  };

/** The names of the fields at every depth, for comparing forms. */
export function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(formOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, formOf(each)]));
}
