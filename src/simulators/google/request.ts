import { invalid } from './errors.js';

export interface Refusal {
  readonly error: { readonly code: number; readonly message: string };
}

/** As in `captured/google_sheets/batchUpdate_400_whole_request_refused`; `batchUpdate` puts in which request it was. */
export const refuse = (name: string, why: string): Refusal => ({
  error: invalid(`Invalid requests[?].${name}: ${why}`),
});

export type Request = Readonly<Record<string, unknown>>;
export type Outcome = { readonly reply: object } | Refusal;
export const done: Outcome = { reply: {} };
