import { EventEmitter } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createStoreClient } from '../../src/adapters/dynamodb/client.js';
import { ensureTable } from '../../src/adapters/dynamodb/table.js';
import { anyAccess } from '../support/dynamodb.js';

interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

type Next = (args: unknown) => Promise<unknown>;

/** Hands the SDK's requests to the embedded DynamoDB without a socket between them, which is what takes the time. */
function withoutSockets(server: Server) {
  const [serve] = server.listeners('request') as RequestListener[];
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: ({ method, path, headers, body }: HttpRequest) =>
      new Promise((resolve) => {
        const request = Object.assign(new EventEmitter(), { method, url: path, headers });
        const received: Record<string, string> = {};
        const response = {
          statusCode: 200,
          setHeader: (name: string, value: unknown) => {
            received[name.toLowerCase()] = String(value);
          },
          end: (text = '') => {
            // A stream, as a socket gives it: a page of the list is read without the SDK.
            const body = Readable.from([Buffer.from(text)]);
            const answer = { statusCode: response.statusCode, headers: received, body };
            resolve({ response: answer });
          },
        };
        serve?.(request as never, response as never);
        request.emit('data', Buffer.concat([body]));
        request.emit('end');
      }),
  };
}

/** The store's own client, with the embedded DynamoDB in the same process and no pauses before a repeat. */
export async function openTable(tableName: string): Promise<DynamoDBDocumentClient> {
  const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;
  const client = createStoreClient({ endpoint: 'http://127.0.0.1:1', ...anyAccess });
  client.config.requestHandler = withoutSockets(dynalite({ createTableMs: 0 })) as never;
  await ensureTable(client, tableName);
  return client;
}

/** As a fresh process has them: the SDK's own repeats with their whole budget, but without pauses. */
export async function freshRetries(client: {
  readonly config: { readonly retryStrategy: () => Promise<object> };
}): Promise<void> {
  const strategy = await client.config.retryStrategy();
  const retryBackoffStrategy = { setDelayBase: () => undefined, computeNextBackoffDelay: () => 0 };
  Object.assign(strategy, { capacity: 500, retryBackoffStrategy });
}

/** The same client for one call: each attempt passes through `around`, between the SDK's repeats and the network. */
export function aroundAttempts<Client extends DynamoDBDocumentClient | SQSClient>(
  client: Client,
  around: (act: () => Promise<unknown>) => Promise<unknown>,
): Client {
  const send = (command: { middlewareStack: DynamoDBDocumentClient['middlewareStack'] }) => {
    const middleware = (next: Next) => (args: unknown) => around(() => next(args));
    command.middlewareStack.add(middleware as never, {
      step: 'finalizeRequest',
      priority: 'low',
      name: 'turns',
      // lib-dynamodb lays a command's own middleware over itself.
      override: true,
    });
    return (client as SQSClient).send(command as never);
  };
  return Object.create(client, { send: { value: send } }) as Client;
}
