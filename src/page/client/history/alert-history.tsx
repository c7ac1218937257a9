import type { HistoryView } from '../../protocol-views.js';
import { NotHad, Part } from '../part.js';
import type { AskedFor } from '../use-asked.js';
import { HistoryTable } from './history-table.js';

const drawn = 50;
const noIds: ReadonlySet<string> = new Set();

/** On the alert's own screen. */
export function AlertHistory({
  asked,
  timeZone,
}: {
  readonly asked: AskedFor<HistoryView>;
  readonly timeZone: string;
}) {
  const { value, refused, again } = asked;
  return (
    <Part title="History">
      {refused !== undefined && <NotHad what="It could not be read" refused={refused} again={again} />}
      {value === undefined && refused === undefined && <p class="small">Loading…</p>}
      {value?.entries.length === 0 && <p class="small">Nothing has happened to it yet.</p>}
      {value !== undefined && value.entries.length > 0 && (
        <HistoryTable
          entries={value.entries.slice(0, drawn)}
          timeZone={timeZone}
          caption="What happened to this alert"
          isOwn
          ids={noIds}
        />
      )}
      {value !== undefined && (value.isCut || value.entries.length > drawn) && (
        <p class="small">The newest {drawn}; trading-alerts history --alert gives all of them.</p>
      )}
    </Part>
  );
}
