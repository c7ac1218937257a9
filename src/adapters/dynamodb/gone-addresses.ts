import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { KeptFingerprints } from '../notifiers/gone-addresses.js';
import { storeError } from './store-error.js';
import { type AlertTable, createItem } from './write.js';

/** No trader's id begins like this. Without an `entity_type` the item stays out of the index. */
const idOf = (fingerprint: string): string => `#gone-${fingerprint}`;

/** An item an address, which is written once and read once a process. Throws `StoreError`. */
export function createGoneItems(table: AlertTable): KeptFingerprints {
  const { client, tableName } = table;
  return {
    async has(fingerprint) {
      const command = new GetCommand({ TableName: tableName, Key: { id: idOf(fingerprint) } });
      const { Item } = await client.send(command).catch((error: unknown) => {
        throw storeError('tell whether an address is gone', tableName, error);
      });
      return Item !== undefined;
    },
    async add(fingerprint) {
      await createItem(table, { what: 'keep that an address is gone', id: idOf(fingerprint), item: { is_gone: true } });
    },
  };
}
