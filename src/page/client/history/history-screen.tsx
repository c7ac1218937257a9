import { useMemo, useState } from 'preact/hooks';
import { dayMs } from '../../../domain/time.js';
import type { HistoryEntry } from '../../protocol-views.js';
import type { Page } from '../editing.js';
import { NotHad } from '../part.js';
import { HistoryTable } from './history-table.js';
import { useHistory } from './use-history.js';

const stretches = [
  [1, '24 hours'],
  [7, '7 days'],
  [30, '30 days'],
  [400, 'All'],
] as const;

const kinds = [
  ['all', 'Everything'],
  ['fires', 'Fires'],
  ['rows', 'Rows'],
] as const;
type Kind = (typeof kinds)[number][0];

interface Wish {
  readonly days: number;
  readonly kind: Kind;
  readonly text: string;
  readonly user: string;
}

/** What was asked for outlives the screen. */
let remembered: Wish = { days: 7, kind: 'all', text: '', user: '' };

const fits = ({ kind, text }: Wish, entry: HistoryEntry): boolean => {
  if (kind !== 'all' && (kind === 'fires') !== (entry.fire !== undefined)) return false;
  const { symbol, condition, target, name, alertId, what } = entry;
  const words = `${symbol} ${condition} ${target} ${name} ${alertId} ${what}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
};

interface FilterProps {
  readonly wish: Wish;
  readonly users: readonly string[];
  onChange(part: Partial<Wish>): void;
}

function Filter({ wish, users, onChange }: FilterProps) {
  return (
    <search class="filter">
      <input
        type="search"
        aria-label="Filter the history"
        placeholder="Filter by symbol, condition, name …"
        value={wish.text}
        onInput={(event) => onChange({ text: event.currentTarget.value })}
      />
      {users.length > 1 && (
        <select aria-label="User" value={wish.user} onChange={(event) => onChange({ user: event.currentTarget.value })}>
          <option value="">all users</option>
          {users.map((user) => (
            <option key={user} value={user}>
              {user}
            </option>
          ))}
        </select>
      )}
      <fieldset class="states" aria-label="What happened">
        {kinds.map(([kind, text]) => (
          <button key={kind} type="button" aria-pressed={wish.kind === kind} onClick={() => onChange({ kind })}>
            {text}
          </button>
        ))}
      </fieldset>
      <fieldset class="states" aria-label="Stretch of time">
        {stretches.map(([days, text]) => (
          <button key={days} type="button" aria-pressed={wish.days === days} onClick={() => onChange({ days })}>
            {text}
          </button>
        ))}
      </fieldset>
    </search>
  );
}

const drawn = 200;

function Nothing({ wish, hasEntries, onAll }: { wish: Wish; hasEntries: boolean; onAll(): void }) {
  const stretch = stretches.find(([days]) => days === wish.days)?.[1].toLowerCase();
  if (hasEntries) return <p class="empty">Nothing that happened in that time fits the filter.</p>;
  return (
    <div class="empty">
      <p>
        {wish.days === 400
          ? 'Nothing has happened yet: fires and changes of rows are told here.'
          : `Nothing happened in the last ${stretch}.`}
      </p>
      {wish.days !== 400 && (
        <button type="button" onClick={onAll}>
          Show all that is kept
        </button>
      )}
    </div>
  );
}

/** What happened to all alerts: every fire with what became of it on each channel, and every change of a row. */
export function HistoryScreen({ page: { state } }: { readonly page: Page }) {
  const [wish, setWish] = useState(remembered);
  const change = (part: Partial<Wish>) => {
    remembered = { ...wish, ...part };
    setWish(remembered);
  };
  const { value, refused, again } = useHistory(state, {
    lastMs: wish.days * dayMs,
    ...(wish.user !== '' && { user: wish.user }),
  });
  const ids = useMemo(() => new Set(state.alerts.map(({ id }) => id)), [state.alerts]);
  const users = [...new Set([...state.users, ...state.alerts.map(({ user }) => user)])];
  const found = value?.entries.filter((entry) => fits(wish, entry)) ?? [];
  return (
    <>
      <h1 class="unseen">History</h1>
      <Filter wish={wish} users={users} onChange={change} />
      {refused !== undefined && <NotHad what="The history could not be read" refused={refused} again={again} />}
      {value?.unreadable.map((text) => (
        <p key={text} class="warning">
          {text}
        </p>
      ))}
      {value === undefined && refused === undefined && <p class="empty">Loading the history…</p>}
      {value !== undefined && found.length === 0 && (
        <Nothing wish={wish} hasEntries={value.entries.length > 0} onAll={() => change({ days: 400 })} />
      )}
      {found.length > 0 && (
        <HistoryTable entries={found.slice(0, drawn)} timeZone={state.timeZone} caption="What happened" ids={ids} />
      )}
      {(found.length > drawn || value?.isCut) && (
        <p class="more">The newest {Math.min(drawn, found.length)}; trading-alerts history --csv gives all of them.</p>
      )}
    </>
  );
}
