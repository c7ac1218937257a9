import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { convertToNative } from '@aws-sdk/util-dynamodb';
import { unmarshallOptions } from './client.js';

export interface QueryPage {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  /** Undefined on the last page. */
  readonly lastKey: Readonly<Record<string, unknown>> | undefined;
}

type StoredItem = Record<string, AttributeValue>;

function plainValue(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  // In the answer itself, bytes are text.
  if (value.B !== undefined) return new Uint8Array(Buffer.from(String(value.B), 'base64'));
  return convertToNative(value, unmarshallOptions);
}

/** In place: the page is nobody else's. */
function plainItem(item: StoredItem): Record<string, unknown> {
  const plain: Record<string, unknown> = item;
  for (const name in item) plain[name] = plainValue(item[name] as AttributeValue);
  return plain;
}

type Next = (args: unknown) => Promise<{ readonly response: { readonly statusCode: number; body: unknown } }>;

const nothing = new TextEncoder().encode('{}');

/**
 * One page of a Query. Its body is read here and kept from the SDK: reading a hundred thousand alerts takes a good part of a
 * check, and the SDK would make three copies of each.
 */
export async function queryPage(client: DynamoDBDocumentClient, input: QueryCommandInput): Promise<QueryPage> {
  const command = new QueryCommand(input);
  let body = '{}';
  const readBody = (next: Next) => async (args: unknown) => {
    const answered = await next(args);
    // Of a refusal the SDK makes the error.
    if (answered.response.statusCode === 200) {
      body = await text(answered.response.body as Readable);
      answered.response.body = nothing;
    }
    return answered;
  };
  // The document command is laid over another one and hands on what is added to it, which is then met twice.
  const place = {
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
    name: 'readBody',
    override: true,
  } as const;
  command.middlewareStack.addRelativeTo(readBody as never, place);
  await client.send(command);
  const { Items = [], LastEvaluatedKey } = JSON.parse(body) as { Items?: StoredItem[]; LastEvaluatedKey?: StoredItem };
  return { items: Items.map(plainItem), lastKey: LastEvaluatedKey && plainItem(LastEvaluatedKey) };
}
