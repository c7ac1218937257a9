import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import type { AlertStore } from '../../flows/ports/alert-store.js';
import type { KeptSummary } from '../../flows/summary.js';
import { storeError } from './store-error.js';
import type { AlertTable } from './write.js';

/** No trader's id begins like this. Without an `entity_type` the item stays out of the index, which would cost a second write. */
const summaryId = '#last-summary';

/** An earlier or later version may have written other fields; these are the ones without which it is no summary. */
const Kept = v.looseObject({
  summary: v.looseObject({ runId: v.string(), startedAt: v.string() }),
  leftOut: v.record(v.string(), v.number()),
});
const SummaryItem = v.object({ summary: v.pipe(v.string(), v.parseJson(), Kept) });

/** As text: nothing looks into it, and the answer's numbers, texts and order stay as they are. */
export function createLastSummary({ client, tableName }: AlertTable): Pick<AlertStore, 'saveSummary' | 'readSummary'> {
  return {
    async saveSummary(kept) {
      const Item = { id: summaryId, summary: JSON.stringify(kept) };
      await client.send(new PutCommand({ TableName: tableName, Item })).catch((error: unknown) => {
        throw storeError('take the last summary', tableName, error);
      });
    },

    async readSummary() {
      const command = new GetCommand({ TableName: tableName, Key: { id: summaryId }, ConsistentRead: true });
      const { Item } = await client.send(command).catch((error: unknown) => {
        throw storeError('give the last summary', tableName, error);
      });
      const parsed = v.safeParse(SummaryItem, Item);
      return parsed.success ? (parsed.output.summary as unknown as KeptSummary) : undefined;
    },
  };
}
