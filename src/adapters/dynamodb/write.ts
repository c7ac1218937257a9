import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Attributes } from '../../domain/fields/field.js';
import { storeError } from './store-error.js';

export interface AlertTable {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** Resolves when the next write of an item may begin; without it all begin at once. */
  readonly mayWrite?: () => Promise<void>;
}

/** Placeholders for every name and value, since many names are reserved words. */
function placeholders() {
  const names: Record<string, string> = {};
  const values: Record<string, string | number | boolean> = {};
  const nameOf = (attribute: string): string => {
    names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  };
  const is = (attribute: string, value: string | number | boolean): string => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = value;
    return `${nameOf(attribute)} = ${placeholder}`;
  };
  return { names, values, nameOf, is };
}

type Placeholders = ReturnType<typeof placeholders>;

/** AND binds before OR; DynamoDB refuses redundant parentheses. */
function anyOf(states: readonly Attributes[], { is, nameOf }: Placeholders): string {
  const whole = (state: Attributes): string =>
    Object.entries(state)
      .map(([name, value]) => (value === undefined ? `attribute_not_exists(${nameOf(name)})` : is(name, value)))
      .join(' AND ');
  return states.map(whole).join(' OR ');
}

function changes(next: Attributes, { is, nameOf }: Placeholders): string {
  const set = Object.entries(next).flatMap(([name, value]) => (value === undefined ? [] : [is(name, value)]));
  const removed = Object.keys(next).filter((name) => next[name] === undefined);
  const remove = removed.length === 0 ? '' : ` REMOVE ${removed.map(nameOf).join(', ')}`;
  return `SET ${set.join(', ')}${remove}`;
}

async function unlessRefused<T>(table: AlertTable, what: string, send: () => Promise<T>): Promise<T | undefined> {
  try {
    await table.mayWrite?.();
    return await send();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw storeError(what, table.tableName, error);
  }
}

/**
 * Writes `next` if the item is in one of the `expected` states, and gives the whole item as it then is; else undefined.
 * An item that already is as `next` says passes too: the SDK asks again when an answer was lost, and finds its own write.
 */
export async function updateItem(
  table: AlertTable,
  write: { what: string; id: string; next: Attributes; expected: readonly Attributes[] },
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const marks = placeholders();
  const command = new UpdateCommand({
    TableName: table.tableName,
    Key: { id: write.id },
    UpdateExpression: changes(write.next, marks),
    ConditionExpression: anyOf([...write.expected, write.next], marks),
    ExpressionAttributeNames: marks.names,
    ExpressionAttributeValues: marks.values,
    ReturnValues: 'ALL_NEW',
  });
  const written = await unlessRefused(table, write.what, () => table.client.send(command));
  return written?.Attributes;
}

/** False where the id is taken by anything but this very item. */
export async function createItem(
  table: AlertTable,
  write: { what: string; id: string; item: Attributes },
): Promise<boolean> {
  const marks = placeholders();
  const command = new PutCommand({
    TableName: table.tableName,
    Item: { id: write.id, ...write.item },
    ConditionExpression: anyOf([{ id: undefined }, write.item], marks),
    ExpressionAttributeNames: marks.names,
    ExpressionAttributeValues: marks.values,
  });
  return (await unlessRefused(table, write.what, () => table.client.send(command))) !== undefined;
}
