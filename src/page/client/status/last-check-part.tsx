import type { PageState } from '../../protocol.js';
import type { StatusView } from '../../protocol-views.js';
import { Part } from '../part.js';
import { zonedInstant } from '../shown.js';

const shownDuration = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`);

function timesOf({ check, nextAt }: StatusView, timeZone: string): string {
  return [
    ...(check === undefined ? [] : [`It took ${shownDuration(check.durationMs)}`]),
    ...(nextAt === undefined ? [] : [`the next is due at about ${zonedInstant(nextAt, timeZone)}`]),
  ].join('; ');
}

interface Props extends Pick<PageState, 'lastCheck' | 'timeZone'> {
  readonly status: StatusView | undefined;
}

/** Also what it found wrong, and what its owner should do soon. */
export function LastCheckPart({ lastCheck, status, timeZone }: Props) {
  if (lastCheck === undefined) {
    return (
      <Part title="Last check">
        <p>No check has run yet; the alerts are watched from the first one on.</p>
        <p class="small">trading-alerts page --watch 5m checks every five minutes.</p>
      </Part>
    );
  }
  const { warnings = [], problems = [], advice = [], failed = [] } = status?.check ?? {};
  const times = status === undefined ? '' : timesOf(status, timeZone);
  return (
    <Part title="Last check">
      <p>{lastCheck.line}</p>
      <p class="small">{zonedInstant(lastCheck.at, timeZone)}</p>
      {times !== '' && <p class="small">{times}.</p>}
      <ul class="notes">
        {problems.map((text) => (
          <li key={text} class="problem">
            {text}
          </li>
        ))}
        {failed.map(({ market, reason }) => (
          <li key={`${market} ${reason}`}>
            <b>{market}</b> {reason}
          </li>
        ))}
        {[...warnings, ...advice].map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Part>
  );
}
