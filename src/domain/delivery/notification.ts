import type { Priority } from '../fields/priority.js';

/** What a program can read of it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

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
