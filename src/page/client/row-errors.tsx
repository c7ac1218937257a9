import { useState } from 'preact/hooks';
import type { PageState } from '../protocol.js';

const few = 3;

/** In the sheet's own words, above everything else: a row that cannot be read is an alert that nobody keeps. */
export function RowErrors({ sheet }: { readonly sheet: PageState['sheet'] }) {
  const [isWhole, setWhole] = useState(false);
  const { rowErrors } = sheet;
  if (rowErrors.length === 0) return null;
  const shown = isWhole ? rowErrors.slice(0, 200) : rowErrors.slice(0, few);
  const what = rowErrors.length === 1 ? '1 row' : `${rowErrors.length} rows`;
  return (
    <section class="row-errors" aria-label="Rows that cannot be read">
      <h2>
        {what} of {sheet.name} {rowErrors.length === 1 ? 'is' : 'are'} not watched until mended
      </h2>
      <ul>
        {shown.map(({ row, message }) => (
          <li key={`${row} ${message}`}>
            <b>Row {row}</b> <span>{message}</span>
          </li>
        ))}
      </ul>
      {rowErrors.length > few && (
        <button type="button" class="plain" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show fewer' : `Show all ${rowErrors.length}`}
        </button>
      )}
    </section>
  );
}

export const ReadOnly = ({ sheet }: { readonly sheet: PageState['sheet'] }) =>
  sheet.readOnly === undefined ? null : <p class="read-only">Nothing can be edited here: {sheet.readOnly}</p>;
