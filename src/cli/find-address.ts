import { originOf } from '../adapters/notifiers/connect.js';
import type { FoundAddress } from '../adapters/notifiers/notifier.js';
import { type ChannelName, notifierOf } from '../adapters/notifiers/registry.js';
import type { Transport } from '../adapters/notifiers/transport.js';
import { err, ok, type Result } from '../domain/result.js';
import { ended, type SecretTerminal } from './secret-terminal.js';

/** What it takes to find out who has written to an account. */
export interface AddressSearch {
  readonly transport: Transport;
  /** By environment variable, as the notifiers name them. */
  readonly origins: Readonly<Record<string, string>>;
  /** ms since 1970 */
  now(): number;
  /** Resolves early where the signal is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

const askAgainAfterMs = 2_000;
const waitForMs = 120_000;

export const canFindAddresses = (channel: ChannelName): boolean => notifierOf(channel).findAddresses !== undefined;

/** `again`: to look once more; undefined: the person wants to write it. */
async function choose(
  found: readonly FoundAddress<unknown>[],
  name: string,
  { asker, tell }: SecretTerminal,
): Promise<Result<FoundAddress<unknown> | 'again', string>> {
  tell(found.map(({ label }, index) => `  ${index + 1}  ${label}`).join('\n'));
  for (;;) {
    const answer = await asker.ask(`Which of them is ${name} (number; blank: look again): `, false);
    if (answer === undefined) return err(ended);
    if (answer === '') return ok('again');
    const chosen = /^\d{1,3}$/.test(answer) ? found[Number(answer) - 1] : undefined;
    if (chosen !== undefined) return ok(chosen);
    tell(`expected a number from 1 to ${found.length}`);
  }
}

/**
 * Waits until somebody writes to the account and lets a person choose who of them it is: nobody knows their own address
 * by heart. Undefined where none was found, which is told; the error ends the questions.
 */
export async function waitForAddress(
  channel: ChannelName,
  account: unknown,
  name: string,
  terminal: SecretTerminal,
  { transport, origins, now, pause }: AddressSearch,
): Promise<Result<unknown, string>> {
  const { findAddresses, label } = notifierOf(channel);
  const { tell, asker } = terminal;
  const places = { account: channel, address: 'users' };
  const context = { transport, origin: originOf(channel, origins), account, places, now };
  tell(
    `Now ${name} opens the bot in ${label} and presses Start, or writes to it. It is waited for, up to two minutes.`,
  );
  for (let until = now() + waitForMs; !asker.interrupted.aborted; await pause(askAgainAfterMs, asker.interrupted)) {
    const found = await findAddresses?.(context);
    if (found?.ok === false) {
      tell(`${found.error.detail}; ${found.error.remedy}`);
      return ok(undefined);
    }
    if (found !== undefined && found.value.length > 0) {
      const chosen = await choose(found.value, name, terminal);
      if (!chosen.ok) return chosen;
      if (chosen.value !== 'again') return ok(chosen.value.address);
      until = now() + waitForMs;
    } else if (now() >= until) {
      tell('Nobody has written to it so far. Leave the answer blank to wait again, or write it.');
      return ok(undefined);
    }
  }
  return err(ended);
}
