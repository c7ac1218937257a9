import { useMemo, useRef, useState } from 'preact/hooks';
import { AlertTable } from './alert-table.js';
import { BulkBar } from './bulk-bar.js';
import type { Page } from './editing.js';
import { Filter } from './filter.js';
import { useKeys } from './keys.js';
import { type Asked, chosen, listed, type SortKey } from './listing.js';
import { alertHash, goTo } from './route.js';
import { ReadOnly, RowErrors } from './row-errors.js';
import { pricesByMarket } from './shown.js';

/** What was asked for outlives the screen, so that the way back from an alert leads to the same list. */
let remembered: Asked = { text: '', state: undefined, sort: 'distance', isDescending: false };

function useAsked() {
  const [asked, setAsked] = useState(remembered);
  const change = (part: Partial<Asked>) => {
    remembered = { ...asked, ...part };
    setAsked(remembered);
  };
  const sortBy = (sort: SortKey) => change({ sort, isDescending: asked.sort === sort && !asked.isDescending });
  return { asked, change, sortBy };
}

/** Many rows cost more to draw than to filter: these are drawn, all are filtered. */
const drawn = 200;

/** One piece, because filter, selection, current row and keys are all about the same rows. */
export function AlertList({ page }: { readonly page: Page }) {
  const { state, edits } = page;
  const { asked, change, sortBy } = useAsked();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState<string>();
  const filter = useRef<HTMLInputElement>(null);
  const all = useMemo(() => listed(state.alerts, pricesByMarket(state.prices)), [state]);
  const rows = useMemo(() => chosen(all, asked), [all, asked]);
  const shown = rows.slice(0, drawn);
  const selectedAlerts = state.alerts.filter(({ id }) => selected.has(id));
  const canEdit = state.sheet.readOnly === undefined;

  function step(by: number) {
    const index = shown.findIndex(({ alert }) => alert.id === current);
    const next = shown[Math.min(Math.max(index === -1 ? 0 : index + by, 0), shown.length - 1)];
    if (next === undefined) return;
    setCurrent(next.alert.id);
    document.getElementById(`open ${next.alert.id}`)?.focus();
  }
  function onCurrent(action: (id: string) => void) {
    if (current !== undefined && shown.some(({ alert }) => alert.id === current)) action(current);
  }
  useKeys({
    '/': () => filter.current?.select(),
    j: () => step(1),
    k: () => step(-1),
    e: () => onCurrent((id) => goTo(alertHash(id))),
    p: () =>
      onCurrent((id) => {
        const alert = state.alerts.find((each) => each.id === id);
        if (alert !== undefined && canEdit) void (alert.active ? edits.pause([alert]) : edits.resume([alert]));
      }),
  });

  return (
    <>
      <h1 class="unseen">Alerts</h1>
      <ReadOnly sheet={state.sheet} />
      <RowErrors sheet={state.sheet} />
      <Filter
        alerts={state.alerts}
        asked={asked}
        input={filter}
        onChange={change}
        onEnter={() => step(0)}
        found={rows.length}
      />
      {rows.length === 0 ? (
        <Nothing hasAlerts={state.alerts.length > 0} onClear={() => change({ text: '', state: undefined })} />
      ) : (
        <AlertTable
          rows={shown}
          asked={asked}
          current={current}
          selected={selected}
          areAllSelected={rows.every(({ alert }) => selected.has(alert.id))}
          onSort={sortBy}
          onCurrent={setCurrent}
          onSelect={(ids) => setSelected(ids)}
          everyId={() => rows.map(({ alert }) => alert.id)}
        />
      )}
      {rows.length > drawn && (
        <p class="more">
          The first {drawn} of {rows.length}; a filter finds the others.
        </p>
      )}
      {selectedAlerts.length > 0 && (
        <BulkBar alerts={selectedAlerts} edits={edits} canEdit={canEdit} onClear={() => setSelected(new Set())} />
      )}
    </>
  );
}

function Nothing({ hasAlerts, onClear }: { readonly hasAlerts: boolean; onClear(): void }) {
  return hasAlerts ? (
    <div class="empty">
      <p>No alert fits the filter.</p>
      <button type="button" onClick={onClear}>
        Show all alerts
      </button>
    </div>
  ) : (
    <div class="empty">
      <p>There is no alert yet. Make one here, or write a row into the sheet: symbol, condition and price.</p>
      <a class="button primary" href="#/new">
        New alert
      </a>
    </div>
  );
}
