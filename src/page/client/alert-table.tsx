import type { ComponentChildren } from 'preact';
import { AlertRow } from './alert-row.js';
import type { Asked, Listed, SortKey } from './listing.js';

interface Props {
  readonly rows: readonly Listed[];
  readonly asked: Asked;
  readonly current: string | undefined;
  readonly selected: ReadonlySet<string>;
  readonly areAllSelected: boolean;
  /** Of all rows that fit the filter, drawn or not. */
  everyId(): readonly string[];
  onSort(key: SortKey): void;
  onCurrent(id: string): void;
  onSelect(ids: ReadonlySet<string>): void;
}

interface HeadProps {
  readonly sort: SortKey;
  readonly asked: Asked;
  readonly class?: string;
  readonly children: ComponentChildren;
  onSort(key: SortKey): void;
}

function Head({ sort, asked, children, onSort, class: name = '' }: HeadProps) {
  const isSorted = asked.sort === sort;
  const way = asked.isDescending ? 'descending' : 'ascending';
  return (
    <th scope="col" class={name} aria-sort={isSorted ? way : 'none'}>
      <button type="button" class="plain" onClick={() => onSort(sort)}>
        {children}
        <span class="way" aria-hidden="true">
          {isSorted ? (asked.isDescending ? '↓' : '↑') : ''}
        </span>
      </button>
    </th>
  );
}

export function AlertTable(props: Props) {
  const { rows, asked, current, selected, areAllSelected, everyId, onSort, onCurrent, onSelect } = props;
  const toggled = (id: string) =>
    new Set(selected.has(id) ? [...selected].filter((each) => each !== id) : [...selected, id]);
  return (
    <table class="rows alerts">
      <thead>
        <tr>
          <th class="tick" scope="col">
            <label class="tick-box">
              <input
                type="checkbox"
                aria-label="Select all that fit the filter"
                checked={areAllSelected}
                onChange={() => onSelect(new Set(areAllSelected ? [] : everyId()))}
              />
            </label>
          </th>
          <Head sort="alert" asked={asked} onSort={onSort}>
            Alert
          </Head>
          <th scope="col" class="number wide-only">
            Last price
          </th>
          <Head sort="distance" asked={asked} onSort={onSort} class="number">
            Distance
          </Head>
          <Head sort="state" asked={asked} onSort={onSort}>
            State
          </Head>
          <th scope="col" class="wide-only">
            Exchange
          </th>
          <th scope="col" class="wide-only">
            User
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <AlertRow
            key={row.alert.id}
            listed={row}
            isCurrent={row.alert.id === current}
            isSelected={selected.has(row.alert.id)}
            onCurrent={() => onCurrent(row.alert.id)}
            onSelect={() => onSelect(toggled(row.alert.id))}
          />
        ))}
      </tbody>
    </table>
  );
}
