import type { AlertView } from '../../protocol.js';
import type { StatusView } from '../../protocol-views.js';
import type { Edits } from '../editing.js';
import { Part } from '../part.js';
import { alertHash } from '../route.js';
import { titleOf, zonedInstant } from '../shown.js';

interface Props {
  readonly alerts: readonly AlertView[];
  readonly status: StatusView | undefined;
  readonly timeZone: string;
  readonly edits: Edits;
}

/** What has fired and is not accepted everywhere, and the accounts and quotas that are waited for. */
export function UndeliveredPart({ alerts, status, timeZone, edits }: Props) {
  const waiting = alerts.filter(({ state }) => state === 'sending');
  const { waits = [], check } = status ?? {};
  const untold = check?.untold ?? [];
  const retry = (
    <button type="button" onClick={() => edits.retry(waiting)}>
      Try all now
    </button>
  );
  return (
    <Part title="Undelivered" {...(waiting.length > 0 && { action: retry })}>
      {waiting.length === 0 && <p>Every fire was told.</p>}
      <ul class="notes">
        {waiting.slice(0, 50).map((alert) => (
          <li key={alert.id}>
            <a href={alertHash(alert.id)}>{titleOf(alert)}</a> of {alert.user}: {alert.stateText}
          </li>
        ))}
        {untold.map(({ user, channel, text }) => (
          <li key={`${user} ${channel}`} class="problem">
            {user} on {channel}: {text}
          </li>
        ))}
      </ul>
      <h3>Quotas and accounts</h3>
      {waits.length === 0 ? (
        <p class="small">No channel has to wait.</p>
      ) : (
        <ul class="notes">
          {waits.map(({ channel, until, detail }) => (
            <li key={channel}>
              <b>{channel}</b> waits until {zonedInstant(until, timeZone)}: {detail}
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}
