import { firstChannel } from '../../src/adapters/dynamodb/channels.js';
import { cutTo } from '../../src/adapters/notifiers/text.js';
import type { SendOutcome } from '../../src/domain/delivery/outcome.js';
import type { Message } from '../../src/domain/message.js';
import type { Result } from '../../src/domain/result.js';
import type { Notifiers } from '../../src/flows/ports/notifiers.js';
import { messageOfNotification, narrowest } from './message.js';

/**
 * How Pushover can answer, one kind for each way to go on. https://pushover.net/api#friendly
 * `whose` tells what was refused: the app's token stops every push of the run, a user's key only that user's.
 */
export type PushError =
  | { readonly kind: 'rejected'; readonly whose: 'token' | 'user' | 'message'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string }
  | {
      readonly kind: 'quota-exceeded';
      readonly resetsAt: number | undefined;
      readonly tokenFingerprint: string;
      readonly detail: string;
    };

/** One service alone, with the texts made for it. */
export interface Notifier {
  /** How many pushes the service takes at once. */
  readonly pushesAtATime: number;
  /** The users who have a key; undefined where every name is welcome. Throws where the secret cannot be read. */
  users(): Promise<readonly string[] | undefined>;
  push(message: Message): Promise<Result<void, PushError>>;
  /** Tells whether the token has changed, and nothing else of it; read anew. Undefined where there is none. */
  tokenFingerprint(): Promise<string | undefined>;
}

function outcomeOf(error: PushError): SendOutcome {
  const problem = { detail: error.detail, remedy: '' };
  switch (error.kind) {
    case 'rejected': {
      const whose = error.whose === 'token' ? 'account' : error.whose;
      return { kind: 'rejected', whose, isGone: false, problem };
    }
    case 'unknown':
      return { kind: 'unknown', until: undefined, problem };
    case 'quota-exceeded': {
      const { resetsAt, tokenFingerprint } = error;
      return { kind: 'quota-exceeded', whose: 'account', resetsAt, accountFingerprint: tokenFingerprint, problem };
    }
  }
}

const noReceipts = { detail: 'there are no receipts', remedy: '' };

/** The first version's service as the only channel there is. */
export function oneChannel(notifier: Notifier): Notifiers {
  return {
    channelNames: [firstChannel],
    async users() {
      const names = await notifier.users();
      return names && new Map(names.map((name) => [name, [firstChannel]]));
    },
    channelsOf: async () => [firstChannel],
    connections: () => ({ allowed: notifier.pushesAtATime, per: 'account' }),
    async send(_channel, user, notification) {
      const sent = await notifier.push(messageOfNotification(user, notification));
      return sent.ok ? { kind: 'accepted', receipt: undefined } : outcomeOf(sent.error);
    },
    accountFingerprint: () => notifier.tokenFingerprint(),
    fits: (_channel, { title, lines }) => !cutTo({ title, lines }, narrowest).isCut,
    readReceipt: async () => ({ kind: 'unknown', problem: noReceipts }),
    cancel: async () => noReceipts,
  };
}
