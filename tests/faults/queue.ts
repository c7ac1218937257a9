import { createHash } from 'node:crypto';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { createQueueClient } from '../../src/adapters/queue/client.js';
import { minuteMs } from '../../src/domain/time.js';
import { anyAccess } from '../support/dynamodb.js';

/** What becomes of messages on their way into the queue. `partly`: every other one is refused. */
export type QueueMood = 'lost' | 'twice' | 'partly' | 'unreachable';

export interface Message {
  readonly messageId: string;
  readonly body: string;
}

/** A queue and its dead-letter queue, in the time of a scenario. */
export interface SceneQueue {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Where all else is well, and of the next request alone. */
  setMood(mood: QueueMood | undefined): void;
  setNextMood(mood: QueueMood | undefined): void;
  /** Both hold these bodies, and nothing else. */
  reset(bodies?: readonly string[], deadLetters?: readonly string[]): void;
  /** Those that can be received at that time (ms); they are hidden then. */
  receive(atMost: number, now: number): readonly Message[];
  delete(messages: readonly Message[]): void;
  /** When there is something to receive (ms). */
  nextAt(): number | undefined;
  deadLetters(): number;
  /** What was set aside comes back, as its owner may order. */
  redrive(): void;
}

/** As the template has them. */
const visibilityMs = 4 * minuteMs;
const maxReceiveCount = 5;

const queueUrl = 'http://127.0.0.1:1/000000000000/trading-alerts';

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
}

interface Kept extends Message {
  visibleAt: number;
  received: number;
}

interface HttpRequest {
  readonly body: Uint8Array;
}

const answer = (statusCode: number, body: object) => {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return { response: { statusCode, headers, body: Buffer.from(JSON.stringify(body)) } };
};

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** SQS as tests/queues asks it of real services; here its clock is the scenario's. Not in order, as a standard queue. */
export function createSceneQueue(now: () => number): SceneQueue {
  const kept: Kept[] = [];
  const setAside: Kept[] = [];
  let [sent, mood, nextMood]: [number, QueueMood | undefined, QueueMood | undefined] = [0, undefined, undefined];

  function keep(body: string, visibleAt: number): void {
    sent += 1;
    kept.push({ messageId: `m-${sent}`, body, visibleAt, received: 0 });
  }

  function takeBatch({ body }: HttpRequest) {
    const { Entries } = JSON.parse(Buffer.concat([body]).toString()) as { Entries: readonly Entry[] };
    const how = nextMood ?? mood;
    if (how === 'unreachable') return answer(503, {});
    const refused = Entries.filter((_, index) => how === 'partly' && index % 2 === 1);
    const taken = Entries.filter((entry) => !refused.includes(entry));
    const times = how === 'lost' ? 0 : how === 'twice' ? 2 : 1;
    for (let time = 0; time < times; time += 1)
      for (const { MessageBody, DelaySeconds = 0 } of taken) keep(MessageBody, now() + DelaySeconds * 1_000);
    return answer(200, {
      Successful: taken.map(({ Id, MessageBody }) => {
        return { Id, MessageId: `m-${Id}`, MD5OfMessageBody: md5(MessageBody) };
      }),
      Failed: refused.map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError' })),
    });
  }

  const client = createQueueClient({ endpoint: 'http://127.0.0.1:1', ...anyAccess });
  const handle = async (request: HttpRequest) => takeBatch(request);
  client.config.requestHandler = { metadata: { handlerProtocol: 'http/1.1' }, handle } as never;

  return {
    client,
    queueUrl,
    setMood: (next) => {
      mood = next;
    },
    setNextMood: (next) => {
      nextMood = next;
    },
    reset(bodies = [], deadLetters = []) {
      kept.length = 0;
      sent = 0;
      for (const body of deadLetters) keep(body, 0);
      setAside.splice(0, setAside.length, ...kept.splice(0));
      for (const body of bodies) keep(body, 0);
    },
    receive(atMost, at) {
      const visible = kept.filter(({ visibleAt }) => visibleAt <= at);
      for (const message of visible.filter(({ received }) => received >= maxReceiveCount)) {
        kept.splice(kept.indexOf(message), 1);
        setAside.push(message);
      }
      const batch = visible.filter(({ received }) => received < maxReceiveCount).slice(0, atMost);
      for (const message of batch) {
        message.visibleAt = at + visibilityMs;
        message.received += 1;
      }
      return batch;
    },
    delete(messages) {
      for (const { messageId } of messages) {
        const index = kept.findIndex((each) => each.messageId === messageId);
        if (index >= 0) kept.splice(index, 1);
      }
    },
    nextAt: () =>
      kept.reduce<number | undefined>((first, { visibleAt }) => Math.min(first ?? visibleAt, visibleAt), undefined),
    deadLetters: () => setAside.length,
    redrive() {
      for (const message of setAside.splice(0)) kept.push({ ...message, visibleAt: 0, received: 0 });
    },
  };
}
