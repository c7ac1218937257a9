/** What a program can read of it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type Priority = 'low' | 'normal' | 'high' | 'urgent';

/** What is told, before any channel's limits. Each notifier cuts it to its own. */
export interface Notification {
  /** The same at every attempt, so that a receiver can tell a repeat. */
  readonly id: string;
  readonly kind: 'fired' | 'digest' | 'notice' | 'test';
  readonly title: string;
  readonly lines: readonly string[];
  /** When what it tells happened, in ms since 1970. */
  readonly happenedAt: number;
  readonly priority: Priority;
  /** `low` is silent without it. */
  readonly isSilent: boolean;
  readonly direction: 'up' | 'down' | undefined;
  /** For programs at the other end of a webhook; people get the title and the lines. */
  readonly facts: Readonly<Record<string, Json>>;
}

/** Neither part holds a key, token, chat id or address. */
export interface Problem {
  readonly detail: string;
  readonly remedy: string;
}

/**
 * How a service can answer, one kind for each way to go on. `whose`: what the account is refused or has to wait for
 * concerns everybody on the channel, what the user is, only that user's address. Instants in ms since 1970.
 */
export type SendOutcome =
  /** `receipt`: of an urgent notification that rings until somebody acknowledges it. */
  | { readonly kind: 'accepted'; readonly receipt: string | undefined }
  /** Never the same again soon. `isGone`: this address never again, until the secret holds another. */
  | {
      readonly kind: 'rejected';
      readonly whose: 'account' | 'user' | 'message';
      readonly isGone: boolean;
      readonly problem: Problem;
    }
  /** It may have arrived. `until`: the service asks not to be called before. */
  | { readonly kind: 'unknown'; readonly until: number | undefined; readonly problem: Problem }
  | {
      readonly kind: 'rate-limited';
      readonly whose: 'account' | 'user';
      readonly until: number;
      readonly problem: Problem;
    }
  | {
      readonly kind: 'quota-exceeded';
      readonly whose: 'account' | 'user';
      readonly resetsAt: number | undefined;
      readonly problem: Problem;
    };
