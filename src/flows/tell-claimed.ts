import type { Alert, NotifyingAlert } from '../domain/alert.js';
import { type ChannelDelivery, underWay } from '../domain/delivery/channel.js';
import { armsAgainAfterMs } from '../domain/delivery/repeat.js';
import { channelReports, outcomeOf } from '../domain/delivery/report.js';
import { type Attempt, isSettled, settle, type Tried } from '../domain/delivery/settle.js';
import { alertAfter, defer } from '../domain/delivery/transition.js';
import { messageOf } from '../domain/error-message.js';
import { commitFire } from './commit-fire.js';
import type { Gathering } from './gathering.js';
import type { Ports } from './ports/ports.js';
import type { Pusher } from './pusher.js';
import { type FiredAlert, firedAlert } from './summary.js';

type TellingPorts = Pick<Ports, 'store' | 'history' | 'now'>;

/** What became of one alert. `alert` undefined: another run has it, and reports it. */
export interface Delivered {
  readonly alert: Alert | undefined;
  /** The alert that another run has. */
  readonly takenId?: string;
  readonly fired?: FiredAlert;
  /** The touch is not on record: the market's window has to stay open. */
  readonly isUnclaimed?: boolean;
  readonly isLeft?: boolean;
  readonly problem?: string;
}

/** Puts on record what accepts while other channels have not answered; what accepts during a write waits for the next one. */
function createNotes({ store, now }: TellingPorts, alert: NotifyingAlert) {
  const { channels } = alert.delivery;
  let open = underWay(channels).length;
  let [known, latest] = [channels, channels];
  let writing: Promise<void> | undefined;
  let problem: string | undefined;

  async function write(): Promise<void> {
    while (known !== latest && open > 0) {
      const next = latest;
      const before: NotifyingAlert = { ...alert, delivery: { ...alert.delivery, channels: known } };
      // After one that failed nobody knows what stands there; the write at the end says it all.
      if (!(await store.noteAccepted(before, next))) return;
      known = next;
    }
    writing = undefined;
  }

  return {
    answered(channel: string, tried: Tried): void {
      open -= 1;
      if (tried.kind !== 'accepted') return;
      const accepted = { channel, state: 'accepted', at: now(), receipt: tried.receipt } as const;
      latest = latest.map((each): ChannelDelivery => (each.channel === channel ? accepted : each));
      writing ??= write().catch((failure: unknown) => {
        problem = messageOf(failure);
      });
    },
    /** Undefined where all went well. */
    async written(): Promise<string | undefined> {
      await writing;
      return problem;
    },
  };
}

/** What the item is to say: a failure leaves the lease to end by itself, and a later run takes over. */
async function write(fired: FiredAlert, work: () => Promise<Alert>, alert: Alert): Promise<Delivered> {
  try {
    return { alert: await work(), fired };
  } catch (failure) {
    return { alert, fired, problem: messageOf(failure) };
  }
}

/**
 * Tells a claimed alert on its channels, and writes what came of it. All is handed to `gathering` before this returns its
 * promise, so that whoever expected the alert there need not expect it any longer.
 */
export async function tellClaimed(
  ports: TellingPorts,
  alert: NotifyingAlert,
  gathering: Pick<Gathering, 'tell'>,
  pusher: Pick<Pusher, 'accountWaits'>,
): Promise<Delivered> {
  const { store, now } = ports;
  const { trigger, channels, attempts, claimedAt } = alert.delivery;
  const notes = createNotes(ports, alert);
  const tries = await Promise.all(
    underWay(channels).map(async ({ channel, isPossibleRepeat }): Promise<Attempt> => {
      const tried = await gathering.tell(channel, { alert, isPossibleRepeat });
      notes.answered(channel, tried);
      return { channel, tried, accountWaitUntil: pusher.accountWaits()[channel]?.retryAt };
    }),
  );
  const unnoted = await notes.written();
  const at = now();
  const repeats = { now: at, armsAgainAfterMs: armsAgainAfterMs(alert) };
  const left = settle({ channels, attempts, claimedAt }, tries, repeats);
  const settled: NotifyingAlert = { ...alert, delivery: { ...alert.delivery, channels: left } };
  const reports = channelReports(left, tries, at);
  const fired = firedAlert(alert, trigger, outcomeOf(reports), reports);
  const alone = unnoted === undefined ? {} : { problem: unnoted };
  // A crash here is answered by the lease: a later run sends again and says so.
  if (isSettled(left)) {
    const committed = async () => (await commitFire(ports, settled, at)) ?? alert;
    return { ...alone, ...(await write(fired, committed, alert)) };
  }
  const delivered = await write(
    fired,
    () => store.defer(settled).then(() => alertAfter(settled, defer(settled))),
    alert,
  );
  const hasNoTime = tries.some(({ tried }) => tried.kind === 'no-time');
  return { ...alone, ...delivered, ...(hasNoTime && { isLeft: true }) };
}
