import type { HistoryEntry } from '../../protocol-views.js';
import { shownDay } from '../shown.js';
import { Entry } from './entry.js';

interface Props {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  readonly timeZone: string;
  readonly caption: string;
  /** Of one alert, which need not be named. */
  readonly isOwn?: boolean;
  /** The alerts that can be opened. */
  readonly ids: ReadonlySet<string>;
}

/** A day has one heading, however much happened on it. */
export function HistoryTable({ entries, timeZone, caption, isOwn = false, ids }: Props) {
  const days = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const day = shownDay(entry.at, timeZone);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return (
    <table class="rows history">
      <caption class="unseen">{caption}</caption>
      <thead class="unseen">
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
          {!isOwn && <th scope="col">Alert</th>}
          <th scope="col">Details</th>
        </tr>
      </thead>
      {[...days].map(([day, ofDay]) => (
        <tbody key={day}>
          <tr class="day">
            <th scope="rowgroup" colSpan={isOwn ? 3 : 4}>
              {day}
            </th>
          </tr>
          {ofDay.map((entry) => (
            <Entry
              key={`${entry.at} ${entry.alertId} ${entry.what}`}
              entry={entry}
              timeZone={timeZone}
              isOwn={isOwn}
              isThere={ids.has(entry.alertId)}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}
