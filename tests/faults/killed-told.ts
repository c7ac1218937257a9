import type { ReceivedPush } from '../../src/simulators/pushover.js';
import type { WebhookCall } from '../../src/simulators/webhook.js';
import type { Told } from './killed-verdict.js';
import { isLabelled, linesIn } from './told.js';

const askedIn = (line: string): string => line.slice(0, line.lastIndexOf(', '));

/** To the minute: no alert fires twice in one. A line without a day is of the day of the latest. */
function minuteIn(line: string, latest: Date): string {
  const [, day, clock] = /at (?:(\d{4}-\d\d-\d\d) )?(\d\d:\d\d)/.exec(line) ?? [];
  return `${day ?? latest.toISOString().slice(0, 10)} ${clock}`;
}

/** What phones got, alert by alert. */
export function toldByPushover(push: ReceivedPush): readonly Told[] {
  const touched = new Date(Number(push.fields.timestamp) * 1_000);
  const channel = 'pushover';
  const lines = linesIn(push);
  if (lines === undefined) {
    const fire = touched.toISOString().slice(0, 16).replace('T', ' ');
    return [{ channel, title: push.title, fire, isLabelled: isLabelled(push.message) }];
  }
  return lines.map((line) => {
    return { channel, title: askedIn(line), fire: minuteIn(line, touched), isLabelled: isLabelled(line) };
  });
}

interface Facts {
  readonly id: string;
  readonly symbol: string;
  readonly condition: string;
  readonly targetPrice: string;
  readonly isPossibleRepeat: boolean;
}

/** What the receiver of a webhook got, alert by alert. */
export function toldByWebhook({ id, body }: WebhookCall): readonly Told[] {
  const { facts } = body.data as { facts: Facts | { readonly alerts: readonly Facts[] } };
  const all = 'alerts' in facts ? facts.alerts : [{ ...facts, id }];
  return all.map(({ id: fire, symbol, condition, targetPrice, isPossibleRepeat }) => {
    return {
      channel: 'webhook',
      title: `${symbol} ${condition} ${targetPrice}`,
      fire,
      isLabelled: isPossibleRepeat,
    };
  });
}
