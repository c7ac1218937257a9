import { ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import type { AlertStore } from '../../src/flows/ports/alert-store.js';
import type { History } from '../../src/flows/ports/history.js';
import type { Fault as ServiceFault } from '../../src/simulators/faults.js';
import type { QueueMood } from './queue.js';

/** Of the users' settings only a worker's read: a check has the sheet's. The same of the secret. */
export type Operation =
  | Exclude<keyof AlertStore, 'writeUsers'>
  | Exclude<keyof History, 'read'>
  | 'readSecret'
  | 'readSheet'
  | 'push'
  | 'ring';

/** What goes wrong with one attempt of one call of a run; `call` counts that run's attempts from 1. */
export interface Fault {
  readonly run: string;
  readonly call: number;
  /** Which of the kinds that the call can suffer; counted round. */
  readonly kind: number;
}

export interface FaultKind {
  readonly name: string;
  /** Whether the request is carried out: not at all, at once, or only after both runs are over. */
  readonly effect: 'none' | 'now' | 'late';
  /** What the run learns; `stale` is an earlier answer to the same question. */
  readonly answer: 'as-sent' | 'lost' | 'throttled' | 'stale' | 'never';
  /** The SDK asks again, but nothing comes through any more. */
  readonly isFinal?: boolean;
  /** How long the run waits for it. */
  readonly takesMs?: number;
  /** What the service does to it. */
  readonly service?: ServiceFault['outcome'];
  /** What becomes of its messages. */
  readonly queue?: QueueMood;
  /** The run cannot know whether its push arrived. */
  readonly isUnknown?: boolean;
}

/** One attempt's patience times the attempts, as createStoreClient has them. */
const storePatienceMs = 6 * 3_000;
const pushPatienceMs = 10_000;

const deaths: readonly FaultKind[] = [
  { name: 'dies before', effect: 'none', answer: 'never' },
  { name: 'dies after', effect: 'now', answer: 'never' },
];

const readFaults: readonly FaultKind[] = [
  { name: 'throttled once', effect: 'none', answer: 'throttled' },
  { name: 'fails', effect: 'none', answer: 'lost', isFinal: true },
  { name: 'hangs', effect: 'none', answer: 'lost', isFinal: true, takesMs: storePatienceMs },
  ...deaths,
];

const secretFaults: readonly FaultKind[] = [
  { name: 'fails', effect: 'none', answer: 'lost' },
  { name: 'hangs', effect: 'none', answer: 'lost', takesMs: 10_000 },
  ...deaths,
];

const sheetFaults: readonly FaultKind[] = [
  { name: 'unavailable', effect: 'none', answer: 'lost' },
  { name: 'hangs', effect: 'none', answer: 'lost', takesMs: 30_000 },
  ...deaths,
];

const writeFaults: readonly FaultKind[] = [
  ...readFaults,
  { name: 'answer lost once', effect: 'now', answer: 'lost' },
  { name: 'answer lost', effect: 'now', answer: 'lost', isFinal: true },
  { name: 'late once', effect: 'late', answer: 'lost', takesMs: 3_000 },
  { name: 'late', effect: 'late', answer: 'lost', isFinal: true, takesMs: storePatienceMs },
];

/** Standard queues may lose nothing, and say nothing of sending twice; a doorbell may do both. */
const ringFaults: readonly FaultKind[] = [
  ...writeFaults,
  { name: 'lost', effect: 'now', answer: 'as-sent', queue: 'lost' },
  { name: 'twice', effect: 'now', answer: 'as-sent', queue: 'twice' },
  { name: 'refused in part', effect: 'now', answer: 'as-sent', queue: 'partly' },
];

const refusal = (field: string, error: string) => ({
  status: 400,
  body: { [field]: 'invalid', errors: [error], status: 0, request: 'simulated' },
});

/** After a used-up quota and after every other refusal nothing was sent, and everybody knows it. */
const pushFaults: readonly FaultKind[] = [
  { name: 'refused', effect: 'now', answer: 'as-sent', service: refusal('message', 'message is invalid') },
  { name: 'user refused', effect: 'now', answer: 'as-sent', service: refusal('user', 'user identifier is not valid') },
  {
    name: 'token refused',
    effect: 'now',
    answer: 'as-sent',
    service: refusal('token', 'application token is invalid'),
  },
  {
    name: 'quota used up',
    effect: 'now',
    answer: 'as-sent',
    service: { ...refusal('token', 'application has exceeded current limit'), status: 429 },
  },
  {
    name: 'answers 500',
    effect: 'now',
    answer: 'as-sent',
    isUnknown: true,
    service: { status: 500, body: { errors: ['internal error'], status: 0 } },
  },
  { name: 'connection reset', effect: 'now', answer: 'as-sent', isUnknown: true, service: 'reset' },
  { name: 'answer lost', effect: 'now', answer: 'as-sent', isUnknown: true, service: 'lose-answer' },
  { name: 'answer cut', effect: 'now', answer: 'as-sent', isUnknown: true, service: 'truncate' },
  { name: 'hangs', effect: 'none', answer: 'lost', isUnknown: true, takesMs: pushPatienceMs },
  { name: 'accepted, hangs', effect: 'now', answer: 'lost', isUnknown: true, takesMs: pushPatienceMs },
  { name: 'late', effect: 'late', answer: 'lost', isUnknown: true, takesMs: pushPatienceMs },
  ...deaths,
];

export function kindsOf(operation: Operation): readonly FaultKind[] {
  switch (operation) {
    case 'push':
      return pushFaults;
    case 'readSecret':
      return secretFaults;
    case 'readSheet':
      return sheetFaults;
    case 'ring':
      return ringFaults;
    case 'list':
      return [...readFaults, { name: 'stale', effect: 'none', answer: 'stale' }];
    case 'get':
    case 'readCheckpoint':
    case 'readUsers':
      return readFaults;
    default:
      return writeFaults;
  }
}

/** As the SDK reports a socket that stays silent or breaks; it asks again. */
export const lostAnswer = (): Error => Object.assign(new Error('the answer was lost'), { name: 'TimeoutError' });

export const throttled = (): Error =>
  new ProvisionedThroughputExceededException({ message: 'too many requests', $metadata: { httpStatusCode: 400 } });
