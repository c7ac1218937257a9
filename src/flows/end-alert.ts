import type { Alert, WaitingAlert } from '../domain/alert.js';
import { failureText } from '../domain/delivery/outcome.js';
import { alertAfter, end } from '../domain/delivery/transition.js';
import { messageOf } from '../domain/error-message.js';
import { overRecord } from '../domain/history.js';
import { endNotification } from '../domain/message.js';
import { noteChanges } from './note-changes.js';
import type { Ports } from './ports/ports.js';
import type { Pusher } from './pusher.js';
import type { Recipients } from './recipients.js';
import type { Run } from './run.js';

type EndPorts = Pick<Ports, 'store' | 'history' | 'now'> & {
  readonly recipients: Recipients;
  readonly pusher: Pick<Pusher, 'push'>;
};

/** Claimed before it is sent, and never sent again: that nothing happened is told at most once. */
async function tellEnd(
  { store, now, recipients, pusher }: EndPorts,
  alert: WaitingAlert,
  run: Run,
): Promise<readonly string[]> {
  const key = `over-${alert.id}-${new Date(alert.armedAt).toISOString()}`;
  if (!(await store.claimNews(key, run.runId))) return [];
  const channels = await recipients.channelsOf(alert);
  const at = now();
  const { timeZone } = recipients.wishesOf(alert.user, at);
  const notification = endNotification(alert, key, { now: at, timeZone });
  const sent = await Promise.all(channels.map((channel) => pusher.push(channel, alert.user, () => notification)));
  return sent.flatMap((tried) => {
    if (tried.kind === 'accepted') return [];
    const why = tried.kind === 'no-time' ? 'the run had no time left' : failureText(tried);
    return [`that alert ${alert.id} is over was not told: ${why}`];
  });
}

/** All of its window was looked at in vain: it is over, which is told once, and silently. */
export async function endAlert(
  ports: EndPorts,
  alert: WaitingAlert,
  run: Run,
): Promise<{ readonly alert: Alert; readonly problems: readonly string[] }> {
  if (run.isDryRun || !run.hasTime()) return { alert, problems: [] };
  const at = ports.now();
  try {
    if (!(await ports.store.end(alert, at))) return { alert, problems: [] };
    const over = alertAfter(alert, end(alert, at));
    const [told, noted] = await Promise.all([
      tellEnd(ports, alert, run),
      noteChanges(ports.history, [overRecord(over, at)]),
    ]);
    return { alert: over, problems: [...told, ...noted] };
  } catch (failure) {
    return { alert, problems: [messageOf(failure)] };
  }
}
