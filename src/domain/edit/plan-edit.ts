import type { Alert } from '../alert.js';
import type { Reading } from '../fields/field.js';
import { columnNames, columns, type FieldValues } from '../fields/fields.js';
import { problemsWhenNew, readValues } from '../fields/values.js';
import { alertIdentity } from '../identity.js';
import type { LocatedRow, LocatedRows } from '../locate-rows.js';
import type { Cells } from '../parse-row.js';
import { err, ok, type Result } from '../result.js';
import { type CellChange, type EditableColumn, type RowCells, saysSame, typedValue } from './cells.js';
import type { EditProblem } from './problem.js';
import { readableId } from './readable-id.js';

type Planned<T> = Result<T, EditProblem>;

/** What rows are read with, and the stored alerts, where they are known. */
export interface EditContext {
  readonly reading: Reading;
  readonly stored: readonly Alert[] | undefined;
}

const problem = (kind: EditProblem['kind'], message: string, remedy?: string) =>
  err<EditProblem>({ kind, message, ...(remedy !== undefined && { remedy }) });

const asked = (cells: RowCells): [EditableColumn, string][] =>
  columnNames.flatMap((column): [EditableColumn, string][] => {
    const text = column === 'id' ? undefined : cells[column];
    return column === 'id' || text === undefined ? [] : [[column, text]];
  });

/** The error names the first column that the sheet does not have. */
function toChanges(sheet: LocatedRows, cells: RowCells, row: Partial<Cells>): Planned<CellChange[]> {
  const changes: CellChange[] = [];
  for (const [name, text] of asked(cells)) {
    const column = sheet.columns.positions.get(name);
    const { title } = columns[name];
    if (column === undefined && text.trim() !== '') {
      const remedy = `add it: trading-alerts sheet columns ${title}`;
      return problem('no-column', `the sheet has no column "${title}"`, remedy);
    }
    if (column === undefined || saysSame(name, row[name], text)) continue;
    changes.push({ column, title, value: typedValue(name, text, cells.condition ?? row.condition) });
  }
  return ok(changes);
}

/** What the row would say, or what the sheet would say of it. */
function readMerged(row: Partial<Cells>, cells: RowCells, reading: Reading): Planned<FieldValues> {
  const merged = Object.fromEntries(columnNames.map((name) => [name, row[name]]));
  const values = readValues({ ...merged, ...cells } as Cells, reading);
  return values.ok ? values : problem('wrong-cells', values.error.join('. '));
}

function twinOf(sheet: LocatedRows, values: FieldValues, own: LocatedRow | undefined): Planned<undefined> {
  const identity = alertIdentity(values);
  const twin = sheet.rows.find(
    ({ row, spec }) => row !== own?.row && spec.ok && alertIdentity(spec.value) === identity,
  );
  if (twin === undefined) return ok(undefined);
  return problem('same-alert', `row ${twin.row} asks for the same alert`, 'change that row, or ask for something else');
}

/** What was named: an alert, or the number of a row as people see it. */
export type RowTarget = { readonly id: string } | { readonly row: number };

const shownTarget = (target: RowTarget): string => ('id' in target ? `the alert "${target.id}"` : `row ${target.row}`);

const listed = (rows: readonly LocatedRow[]): string => rows.map(({ row }) => row).join(' and ');

/** The row that an edit is for. Where nobody can tell, nothing is edited. */
export function findRow(sheet: LocatedRows, target: RowTarget): Planned<LocatedRow & { readonly id: string }> {
  const fits = (each: LocatedRow) => ('id' in target ? each.id === target.id : each.row === target.row);
  const [found] = sheet.rows.filter(fits);
  if (found === undefined)
    return problem('no-such-row', `there is no row of ${shownTarget(target)}`, 'look at the sheet');
  const { id, givenId, row, spec } = found;
  if (id === undefined) {
    const message = `row ${row} cannot be read: ${spec.ok ? 'it has no id' : spec.error}`;
    return problem('wrong-cells', message, 'mend it in the sheet');
  }
  const sameCell = sheet.rows.filter((each) => givenId !== undefined && each.givenId === givenId);
  if (sameCell.length > 1) {
    const message = `the id "${givenId}" stands in the rows ${listed(sameCell)}`;
    return problem('several-rows', message, 'empty the id cells of the copied rows');
  }
  return ok({ ...found, id });
}

/** The row that shall go: of two equal rows neither is taken, because the other one would go on asking for the alert. */
export function planRemoval(sheet: LocatedRows, target: RowTarget): ReturnType<typeof findRow> {
  const found = findRow(sheet, target);
  if (!found.ok) return found;
  const same = sheet.rows.filter(({ id }) => id === found.value.id);
  if (same.length === 1) return found;
  return problem('several-rows', `the rows ${listed(same)} ask for the same alert`, 'delete one of them in the sheet');
}

/**
 * The cells that change, none where the row says so already. A row without an id gets the one that its alert has, so that
 * the edit is one of that alert.
 */
export function planChange(
  sheet: LocatedRows,
  row: LocatedRow & { readonly id: string },
  cells: RowCells,
  { reading }: EditContext,
): Planned<readonly CellChange[]> {
  const changes = toChanges(sheet, cells, row.cells);
  if (!changes.ok || changes.value.length === 0) return changes;
  const values = readMerged(row.cells, cells, reading);
  if (!values.ok) return values;
  const isOther = row.spec.ok && alertIdentity(row.spec.value) !== alertIdentity(values.value);
  const twin = isOther ? twinOf(sheet, values.value, row) : ok(undefined);
  if (!twin.ok) return twin;
  if (row.givenId !== undefined) return changes;
  const column = sheet.columns.positions.get('id');
  if (column !== undefined) return ok([...changes.value, { column, title: 'id', value: row.id }]);
  if (!isOther) return changes;
  return problem(
    'no-id-column',
    'without a column "id" another symbol, condition or price makes another alert of the row, whose history begins anew',
    'add the column, one cell: trading-alerts sheet columns id',
  );
}

export interface PlannedRow {
  readonly changes: readonly CellChange[];
  /** Of the alert that the row will be. */
  readonly id: string;
  /** What else its owner should know. */
  readonly notes: readonly string[];
}

const withoutId =
  'the sheet has no column "id", so another price will make another alert of the row; add it: trading-alerts sheet columns id';

/** A row of its own, with a readable id where there is a column for one. */
export function planAppend(
  sheet: LocatedRows,
  cells: RowCells,
  { reading, stored }: EditContext,
  random: (below: number) => number,
): Planned<PlannedRow> {
  const withActive = sheet.columns.positions.has('active') ? { active: 'TRUE', ...cells } : cells;
  const changes = toChanges(sheet, withActive, {});
  if (!changes.ok) return changes;
  const values = readMerged({}, withActive, reading);
  if (!values.ok) return values;
  const problems = problemsWhenNew(values.value, reading.now);
  if (problems.length > 0) return problem('wrong-cells', problems.join('. '));
  const twin = twinOf(sheet, values.value, undefined);
  if (!twin.ok) return twin;
  const column = sheet.columns.positions.get('id');
  if (column === undefined)
    return ok({ changes: withTick(changes.value, sheet), id: alertIdentity(values.value), notes: [withoutId] });
  const taken = new Set([...sheet.rows.map(({ id }) => id), ...(stored ?? []).map(({ id }) => id)]);
  const { symbol, condition } = values.value;
  const id = readableId({ symbol, condition: condition.kind }, random, (each) => taken.has(each));
  return ok({ changes: [...withTick(changes.value, sheet), { column, title: 'id', value: id }], id, notes: [] });
}

/** A blank `active` means TRUE, but a tick box shows it unticked: the cell is written all the same. */
function withTick(changes: readonly CellChange[], { columns: { positions } }: LocatedRows): readonly CellChange[] {
  const column = positions.get('active');
  const isThere = column === undefined || changes.some((each) => each.column === column);
  return isThere ? changes : [...changes, { column, title: columns.active.title, value: true }];
}
