import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { isTimeZone } from '../../domain/time-zone.js';
import type { AlertStore } from '../../flows/ports/alert-store.js';
import { StoreError, storeError } from './store-error.js';
import type { AlertTable } from './write.js';

/** No trader's id begins like this. Without an `entity_type` the item stays out of the index. */
const usersId = '#users';

const Minutes = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(24 * 60));
const Settings = v.pipe(
  v.object({
    user: v.string(),
    time_zone: v.optional(v.pipe(v.string(), v.check(isTimeZone))),
    quiet: v.optional(v.object({ from: Minutes, to: Minutes })),
    notify: v.optional(v.array(v.string()), []),
  }),
  v.transform(({ user, time_zone: timeZone, quiet, notify }) => ({ user, timeZone, quiet, notify })),
);
const UsersItem = v.object({ users: v.pipe(v.string(), v.parseJson(), v.array(Settings)) });

/**
 * What the users' tab last said, as one item. One that cannot be read is an error: as if it said nothing, people would be
 * told where and when they do not want it.
 */
export function createUsers({ client, tableName }: AlertTable): Pick<AlertStore, 'readUsers' | 'writeUsers'> {
  return {
    async readUsers() {
      const command = new GetCommand({ TableName: tableName, Key: { id: usersId }, ConsistentRead: true });
      const { Item } = await client.send(command).catch((error: unknown) => {
        throw storeError("give the users' settings", tableName, error);
      });
      if (Item === undefined) return [];
      const parsed = v.safeParse(UsersItem, Item);
      if (parsed.success) return parsed.output.users;
      const remedy = 'the next check that reads the users’ tab writes it anew; where there is no such tab, delete it';
      throw new StoreError(`the item ${usersId} of the table "${tableName}" cannot be read; ${remedy}`);
    },

    async writeUsers(settings) {
      const users = settings.map(({ user, timeZone, quiet, notify }) => ({ user, time_zone: timeZone, quiet, notify }));
      const command = new PutCommand({ TableName: tableName, Item: { id: usersId, users: JSON.stringify(users) } });
      await client.send(command).catch((error: unknown) => {
        throw storeError("take the users' settings", tableName, error);
      });
    },
  };
}
