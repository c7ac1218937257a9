import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Alert, NotifyingAlert } from '../../../src/domain/alert.js';
import { itemOf } from '../../support/dynamodb.js';
import type { Variation } from '../scenario.js';

/** Wrong: nobody holds a lease, and a claim takes what it finds. */
export const noLease: Variation = (ports, { client, tableName }) => {
  const { store } = ports;
  const isMine = (alert: Alert): Alert =>
    alert.status === 'notifying' ? { ...alert, delivery: { ...alert.delivery, leaseUntil: undefined } } : alert;
  const put = async (alert: NotifyingAlert): Promise<NotifyingAlert> => {
    await client.send(new PutCommand({ TableName: tableName, Item: itemOf(alert) }));
    return alert;
  };
  return {
    ...ports,
    store: {
      ...store,
      list: async () => {
        const listed = await store.list();
        return { ...listed, alerts: listed.alerts.map(isMine) };
      },
      claim: (alert, delivery) => put({ ...alert, status: 'notifying', delivery: { ...delivery, leaseUntil: undefined } }),
      takeOver: (alert) => put({ ...alert, delivery: { ...alert.delivery, attempts: alert.delivery.attempts + 1 } }),
    },
  };
};
