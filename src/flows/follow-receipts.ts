import type { Alert, NotifyingAlert, Receipt } from '../domain/alert.js';
import { isRinging, ringsOf } from '../domain/delivery/repeat.js';
import { messageOf } from '../domain/error-message.js';
import { acknowledgementOf } from '../domain/history.js';
import { dayMs } from '../domain/time.js';
import type { Ports } from './ports/ports.js';
import type { Run } from './run.js';

type ReceiptPorts = Pick<Ports, 'store' | 'history' | 'notifiers' | 'now' | 'log'>;

/** What was learnt of urgent notifications that ring until somebody acknowledges them. */
export interface FollowedReceipts {
  readonly acknowledged: readonly { readonly alertId: string; readonly receipt: Receipt }[];
  readonly problems: readonly string[];
}

/** Who acknowledged in the last minute is read of after the hour of ringing, too. */
const askedForMs = dayMs;

interface Followed {
  readonly next: Receipt | undefined;
  readonly problem?: string;
}

/** The receipt as it is now known; undefined where it is settled and need not be kept. */
async function follow({ notifiers, now }: ReceiptPorts, receipt: Receipt, isWanted: boolean): Promise<Followed> {
  const { channel } = receipt;
  if (receipt.acknowledgedAt !== undefined) return { next: receipt };
  if (receipt.receipt === undefined) return followLost({ notifiers, now }, receipt, isWanted);
  if (receipt.rungAt + askedForMs < now()) return { next: undefined };
  const state = await notifiers.readReceipt(channel, receipt.receipt);
  switch (state.kind) {
    case 'acknowledged':
      return { next: { ...receipt, acknowledgedAt: state.at ?? now() } };
    case 'expired':
      return { next: undefined };
    default: {
      const unknown = state.kind === 'unknown' && { problem: `${channel}: ${state.problem.detail}` };
      if (isWanted || !isRinging(receipt, now())) return { next: receipt, ...unknown };
      return cancel(notifiers, receipt);
    }
  }
}

/** All of the fire at once: of what a lost answer left ringing there is no other name. */
async function cancel(notifiers: ReceiptPorts['notifiers'], receipt: Receipt): Promise<Followed> {
  const { channel, fireId } = receipt;
  const failed = await notifiers.cancel(channel, fireId);
  return failed === undefined ? { next: undefined } : { next: receipt, problem: `${channel}: ${failed.detail}` };
}

/** Nobody can say of it whether it rings, or who acknowledged it. */
async function followLost(
  { notifiers, now }: Pick<ReceiptPorts, 'notifiers' | 'now'>,
  receipt: Receipt,
  isWanted: boolean,
): Promise<Followed> {
  if (!isRinging(receipt, now())) return { next: undefined };
  return isWanted ? { next: receipt } : cancel(notifiers, receipt);
}

/** A fire that is not yet on record as told rings all the same. What is known of it stays as it is. */
async function cancelUnderWay({ notifiers, now }: ReceiptPorts, alert: NotifyingAlert): Promise<readonly string[]> {
  const rings = ringsOf(alert, now()).filter((each) => isRinging(each, now()));
  const cancelled = await Promise.all(rings.map((each) => cancel(notifiers, each)));
  return cancelled.flatMap(({ problem }) => problem ?? []);
}

async function followAlert(ports: ReceiptPorts, alert: Alert, isWanted: boolean): Promise<FollowedReceipts> {
  const { receipts = [] } = alert;
  const followed = await Promise.all(receipts.map((receipt) => follow(ports, receipt, isWanted)));
  const next = followed.flatMap((each) => each.next ?? []);
  const acknowledged = next.filter((each) => each.acknowledgedAt !== undefined && !receipts.includes(each));
  // First the history: what is noted on the item is not asked about again.
  for (const each of acknowledged.map(acknowledgementOf)) {
    if (each !== undefined) await ports.history.noteAcknowledged(each);
  }
  const isChanged = next.length !== receipts.length || acknowledged.length > 0;
  const underWay = alert.status === 'notifying' && !isWanted ? await cancelUnderWay(ports, alert) : [];
  const isNoted = !isChanged || (await ports.store.noteReceipts(alert, next.length === 0 ? undefined : next));
  return {
    acknowledged: isNoted ? acknowledged.map((receipt) => ({ alertId: alert.id, receipt })) : [],
    problems: [...followed.flatMap(({ problem }) => problem ?? []), ...underWay],
  };
}

/**
 * Looks at what rings, notes who acknowledged, and ends the ringing of alerts whose row was paused or deleted. `before` as
 * the run found the alerts, `after` as the sheet left those that are wanted. What the run sends for earlier ones has to be
 * sent by then: it would ring after its cancelling.
 */
export async function followReceipts(
  ports: ReceiptPorts,
  before: readonly Alert[],
  after: readonly Alert[],
  run: Run,
): Promise<FollowedReceipts> {
  if (run.isDryRun || !run.hasTime()) return { acknowledged: [], problems: [] };
  const ringing = before.filter(
    ({ receipts, status, priority }) => receipts !== undefined || (status === 'notifying' && priority === 'urgent'),
  );
  if (ringing.length === 0) return { acknowledged: [], problems: [] };
  const left = new Map(after.map((alert) => [alert.id, alert]));
  const all = await Promise.all(
    ringing.map(async (alert): Promise<FollowedReceipts> => {
      const now = left.get(alert.id);
      const isWanted = now !== undefined && now.status !== 'expired' && now.active;
      try {
        return await followAlert(ports, alert, isWanted);
      } catch (error) {
        return { acknowledged: [], problems: [`the receipts of alert ${alert.id}: ${messageOf(error)}`] };
      }
    }),
  );
  for (const { alertId, receipt } of all.flatMap(({ acknowledged }) => acknowledged)) {
    ports.log.info('acknowledged', { alertId, channel: receipt.channel, fireId: receipt.fireId });
  }
  return {
    acknowledged: all.flatMap(({ acknowledged }) => acknowledged),
    problems: all.flatMap(({ problems }) => problems),
  };
}
