import * as v from 'valibot';
import type { Alert } from '../../domain/alert.js';
import type { RowCells } from '../../domain/edit/cells.js';
import { type ColumnName, columnNames, columns } from '../../domain/fields/fields.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { Ports } from '../../flows/ports/ports.js';
import type { EditError, EditedRow, SheetEditor } from '../../flows/ports/sheet-editor.js';
import type { Edited, Refused } from '../protocol.js';
import type { Board } from './board.js';

export interface Refusal extends Refused {
  readonly status: 400 | 404 | 409 | 503;
}

export type EditAnswer = Result<Edited, Refusal>;

const editable = columnNames.filter((name) => name !== 'id');

/** By its own name and by its title in the sheet. */
const columnNamed = (name: string): ColumnName | undefined =>
  editable.find((each) => each === name || columns[each].title === name);

const Body = v.record(v.string(), v.string());

/** The cells of a body; unlike a sheet's, a column of another name is a mistake of the one who wrote it. */
export function readCells(body: unknown): Result<RowCells, Refusal> {
  const read = v.safeParse(Body, body);
  const remedy = `name columns of the sheet, such as ${editable.slice(0, 3).join(', ')}, each with a text`;
  if (!read.success) return err({ status: 400, message: 'expected an object with a text for each column', remedy });
  const cells: Record<string, string> = {};
  for (const [name, text] of Object.entries(read.output)) {
    const column = columnNamed(name);
    if (column === undefined) {
      return err({ status: 400, message: `expected one of the columns ${editable.join(', ')}`, remedy });
    }
    cells[column] = text;
  }
  return ok(cells);
}

/** A sentence about a cell begins with its column. */
export function columnOf(message: string): ColumnName | undefined {
  const [, title = ''] = /^([\w ]+?)(?:: | is blank: | holds )/.exec(message) ?? [];
  return columnNamed(title);
}

const statusOf: Partial<Record<EditError['kind'], Refusal['status']>> = {
  'no-such-row': 404,
  'wrong-cells': 400,
  'unsafe-text': 400,
  'same-alert': 400,
  quota: 503,
  unavailable: 503,
  'bad-response': 503,
  lost: 503,
};

function refusalOf({ kind, message, remedy }: EditError): Refusal {
  const column = kind === 'wrong-cells' || kind === 'unsafe-text' ? columnOf(message) : undefined;
  return { status: statusOf[kind] ?? 409, message, remedy, ...(column !== undefined && { column }) };
}

export interface Edits {
  append(cells: RowCells): Promise<EditAnswer>;
  change(id: string, cells: RowCells): Promise<EditAnswer>;
  remove(id: string): Promise<EditAnswer>;
}

/** Why the store does not have what the row says. */
function missingText(sheet: { status: string; message?: string }, problems: readonly string[]): string | undefined {
  if (sheet.status !== 'ok') return sheet.message ?? 'the sheet could not be read again';
  return problems.length > 0 ? problems.join('. ') : undefined;
}

const nextCheck = 'the next check tries it again';

/** Each edit is in the sheet and in the store when it is answered, or the answer says what is where. */
export function createEdits(ports: Pick<Ports, 'now' | 'timeZone' | 'log'>, editor: SheetEditor, board: Board): Edits {
  const context = () => ({
    reading: { ...board.known(), now: ports.now(), timeZone: ports.timeZone },
    stored: board.alerts(),
  });

  async function follow({ row, id, notes }: EditedRow, isRemoved: boolean): Promise<EditAnswer> {
    const half = isRemoved
      ? `row ${row} is gone from the sheet, but its alert is not ended`
      : `row ${row} is in the sheet, but not stored`;
    let alerts: readonly Alert[];
    let problem: string | undefined;
    try {
      const { synced } = await board.sync(isRemoved ? [id] : []);
      alerts = synced.alerts;
      problem = missingText(synced.sheet, synced.problems);
    } catch (error) {
      ports.log.error('a sync for the page failed', { reason: error instanceof Error ? error.message : String(error) });
      return err({ status: 503, message: `${half}: the store did not answer`, remedy: nextCheck });
    }
    const stored = alerts.find((alert) => alert.id === id && alert.status !== 'expired');
    if (problem !== undefined && !(isRemoved && stored === undefined)) {
      return err({ status: 503, message: `${half}: ${problem}`, remedy: nextCheck });
    }
    if (!isRemoved && stored === undefined)
      return err({ status: 409, message: half, remedy: 'look at the row in the sheet' });
    const late =
      stored?.status === 'notifying' ? ['it is being sent at this moment; the change counts after that'] : [];
    return ok({ id, row, notes: [...notes, ...late] });
  }

  async function make(edit: Promise<Result<EditedRow, EditError>>, isRemoved = false): Promise<EditAnswer> {
    const edited = await edit;
    board.noteEdit(edited.ok ? undefined : edited.error);
    return edited.ok ? follow(edited.value, isRemoved) : err(refusalOf(edited.error));
  }

  return {
    append: (cells) => make(editor.append(cells, context())),
    change: (id, cells) => make(editor.change({ id }, cells, context())),
    remove: (id) => make(editor.remove({ id }, context()), true),
  };
}
