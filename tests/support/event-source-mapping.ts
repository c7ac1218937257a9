import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { LambdaContext } from '../../src/handlers/check-handler.js';
import { anyAccess } from './dynamodb.js';
import { countQueue, type QueueCount } from './queue.js';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export const toRecord = ({
  MessageId = '',
  ReceiptHandle = '',
  Body = '',
  MD5OfBody = '',
  Attributes = {},
}: Message) => ({
  messageId: MessageId,
  receiptHandle: ReceiptHandle,
  body: Body,
  attributes: Attributes,
  messageAttributes: {},
  md5OfBody: MD5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:${anyAccess.region}:000000000000:trading-alerts`,
  awsRegion: anyAccess.region,
});

export interface QueueEvent {
  readonly Records: readonly ReturnType<typeof toRecord>[];
}

export type QueueHandler = (event: QueueEvent, context: LambdaContext) => Promise<unknown>;

/** What became of a batch: `whole` of it comes again, after what was thrown, took too long or answered nonsense. */
export type BatchEnd = 'done' | 'partly' | 'whole';

export interface EventSourceMapping {
  /** In their order. */
  readonly invocations: readonly { readonly size: number; readonly end: BatchEnd }[];
  /** Most at a time so far. */
  readonly mostAtOnce: number;
  /** What is left in the queue is enough: at first nothing, neither to be received, nor hidden, nor put off. */
  drained(isEnough?: (left: QueueCount) => boolean): Promise<void>;
  /** Ends once what is under way has ended. */
  close(): Promise<void>;
}

const isEmpty = ({ visible, hidden, delayed }: QueueCount): boolean => visible + hidden + delayed === 0;

const batchSize = 10;

/**
 * Which of the batch come again. A missing or empty list is a success; an identifier that is empty or of no message of the
 * batch makes all of it come again. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failedIn(answer: unknown, batch: ReadonlySet<string>): ReadonlySet<string> {
  if (answer === undefined || answer === null) return new Set();
  if (typeof answer !== 'object') return batch;
  const { batchItemFailures: failures = [] } = answer as { batchItemFailures?: unknown };
  if (failures === null) return new Set();
  if (!Array.isArray(failures)) return batch;
  const ids: unknown[] = failures.map((each: { itemIdentifier?: unknown } | null) => each?.itemIdentifier);
  return ids.every((id) => typeof id === 'string' && batch.has(id)) ? new Set(ids as string[]) : batch;
}

/** The answer as Lambda sends it; rejects where the handler throws or takes longer. */
async function invoke(handler: QueueHandler, messages: readonly Message[], timeoutMs: number): Promise<unknown> {
  const endsAt = Date.now() + timeoutMs;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the handler took longer than ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    const context = { getRemainingTimeInMillis: () => endsAt - Date.now() };
    const answer = await Promise.race([handler({ Records: messages.map(toRecord) }, context), tooLong]);
    return answer === undefined ? undefined : JSON.parse(JSON.stringify(answer));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Stands for Lambda between a queue and a handler, for batches, partial answers and what becomes of failures; visibility,
 * receive counts and the dead-letter queue are the queue's own. It does not show how Lambda scales its pollers, its
 * permissions or batching windows. A handler that took too long goes on, where Lambda would stop it.
 */
export function startEventSourceMapping(options: {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly handler: QueueHandler;
  readonly maximumConcurrency?: number;
  readonly timeoutMs?: number;
}): EventSourceMapping {
  const { client, queueUrl, handler, maximumConcurrency = 2, timeoutMs = 30_000 } = options;
  const invocations: { size: number; end: BatchEnd }[] = [];
  const stopping = new AbortController();
  const waiting: { readonly isEnough: (left: QueueCount) => boolean; readonly tell: () => void }[] = [];
  let [atOnce, mostAtOnce] = [0, 0];

  async function work(messages: readonly Message[]): Promise<void> {
    const batch = new Set(messages.map(({ MessageId = '' }) => MessageId));
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    const failed = await invoke(handler, messages, timeoutMs).then(
      (answer) => failedIn(answer, batch),
      () => batch,
    );
    atOnce -= 1;
    const done = messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
    if (done.length > 0) {
      const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
    const end = failed.size === 0 ? 'done' : done.length > 0 ? 'partly' : 'whole';
    invocations.push({ size: messages.length, end });
  }

  async function tellWhenDrained(): Promise<void> {
    if (waiting.length === 0) return;
    const left = await countQueue(client, queueUrl);
    for (const each of waiting.filter(({ isEnough }) => isEnough(left))) {
      waiting.splice(waiting.indexOf(each), 1);
      each.tell();
    }
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          ...{ QueueUrl: queueUrl, MaxNumberOfMessages: batchSize, WaitTimeSeconds: 1 },
          MessageSystemAttributeNames: ['All'],
        }),
        { abortSignal: stopping.signal },
      );
      if (Messages.length > 0) await work(Messages);
      await tellWhenDrained();
    }
  }

  const ended = Promise.all(
    Array.from({ length: maximumConcurrency }, () =>
      poll().catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      }),
    ),
  );
  // Told to whoever waits, and not to the process.
  ended.catch(() => undefined);
  return {
    invocations,
    get mostAtOnce() {
      return mostAtOnce;
    },
    async drained(isEnough = isEmpty) {
      const told = new Promise<void>((tell) => waiting.push({ isEnough, tell }));
      await tellWhenDrained();
      await Promise.race([told, ended]);
    },
    async close() {
      stopping.abort();
      await ended;
    },
  };
}
