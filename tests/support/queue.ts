import type { AddressInfo } from 'node:net';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { anyAccess } from './dynamodb.js';

/** What is left out is as the template has it. */
export interface QueueOptions {
  /** How long a message that was received stays hidden; a test that waits for its return takes a second. */
  readonly visibilitySeconds?: number;
  /** How often it is received before it is set aside. */
  readonly maxReceiveCount?: number;
  readonly name?: string;
}

/** What a queue and its dead-letter queue hold: to be received at once, received and not deleted, and put off. */
export interface QueueCount {
  readonly visible: number;
  readonly hidden: number;
  readonly delayed: number;
}

export interface Queues {
  readonly queueUrl: string;
  readonly deadLetterUrl: string;
}

export interface TestQueue extends Queues {
  /** For `AWS_ENDPOINT_URL_SQS`. */
  readonly endpoint: string;
  readonly client: SQSClient;
  send(...bodies: readonly string[]): Promise<void>;
  /** Another queue with a dead-letter queue of its own. */
  open(options?: QueueOptions): Promise<Queues>;
  count(queueUrl?: string): Promise<QueueCount>;
  /** The bodies in the dead-letter queue, in no order. They stay there, hidden for half a minute. */
  deadLetters(): Promise<readonly string[]>;
  empty(): Promise<void>;
  close(): Promise<void>;
}

export const createQueueClient = (endpoint: string): SQSClient => new SQSClient({ endpoint, ...anyAccess });

export async function createQueues(
  client: SQSClient,
  { name = 'trading-alerts', visibilitySeconds = 240, maxReceiveCount = 5 }: QueueOptions = {},
): Promise<Queues> {
  const create = async (QueueName: string, Attributes: Record<string, string>) => {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
    if (QueueUrl === undefined) throw new Error(`the queue ${QueueName} has no address`);
    return QueueUrl;
  };
  const deadLetterUrl = await create(`${name}-dead`, { MessageRetentionPeriod: '1209600' });
  const asked = new GetQueueAttributesCommand({ QueueUrl: deadLetterUrl, AttributeNames: ['QueueArn'] });
  const { Attributes } = await client.send(asked);
  const queueUrl = await create(name, {
    VisibilityTimeout: String(visibilitySeconds),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount }),
  });
  return { queueUrl, deadLetterUrl };
}

export async function countQueue(client: SQSClient, queueUrl: string): Promise<QueueCount> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages),
    hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed),
  };
}

/** In tens, as the service takes them. */
export async function sendBodies(client: SQSClient, queueUrl: string, bodies: readonly string[]): Promise<void> {
  for (let from = 0; from < bodies.length; from += 10) {
    const Entries = bodies.slice(from, from + 10).map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    if (Failed.length > 0) throw new Error(`${Failed.length} messages were not taken`);
  }
}

/** All that can be received now. It stays there, hidden for half a minute. */
export async function readVisible(client: SQSClient, queueUrl: string): Promise<readonly Message[]> {
  const found: Message[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        ...{ QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 30 },
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return found;
    found.push(...Messages);
  }
}

/**
 * SQS's protocol on this machine only, in memory; its own `listen` would take every address of the machine. It calls its
 * queues by a host name that not every machine finds, so that they are asked for by the address where it listens.
 */
async function listen() {
  const server = buildApp({ logger: false });
  const urls = new Map<string, string>();
  server.addHook('preHandler', async ({ body }) => {
    const asked = body as { QueueUrl?: string } | null;
    if (asked?.QueueUrl !== undefined) asked.QueueUrl = urls.get(asked.QueueUrl) ?? asked.QueueUrl;
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const endpoint = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const urlHere = (queueUrl: string) => {
    const here = new URL(new URL(queueUrl).pathname, endpoint).href;
    urls.set(here, queueUrl);
    return here;
  };
  return { endpoint, urlHere, close: () => server.close() };
}

/** A queue and a dead-letter queue as the template makes them. */
export async function startQueue(options: QueueOptions = {}): Promise<TestQueue> {
  const { endpoint, urlHere, close } = await listen();
  const client = createQueueClient(endpoint);
  const open = async (asked: QueueOptions = {}): Promise<Queues> => {
    const { queueUrl, deadLetterUrl } = await createQueues(client, asked);
    return { queueUrl: urlHere(queueUrl), deadLetterUrl: urlHere(deadLetterUrl) };
  };
  const queues = await open(options);
  return {
    endpoint,
    ...queues,
    client,
    open,
    send: (...bodies) => sendBodies(client, queues.queueUrl, bodies),
    count: (queueUrl = queues.queueUrl) => countQueue(client, queueUrl),
    deadLetters: async () => (await readVisible(client, queues.deadLetterUrl)).map(({ Body = '' }) => Body),
    empty: async () => {
      for (const QueueUrl of [queues.queueUrl, queues.deadLetterUrl])
        await client.send(new PurgeQueueCommand({ QueueUrl }));
    },
    close: async () => {
      client.destroy();
      await close();
    },
  };
}
