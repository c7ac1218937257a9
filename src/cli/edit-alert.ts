import { alertCells } from '../domain/edit/alert-text.js';
import type { RowCells } from '../domain/edit/cells.js';
import type { RowTarget } from '../domain/edit/plan-edit.js';
import { problemText } from '../domain/problem.js';
import type { Result } from '../domain/result.js';
import type { EditError, EditedRow } from '../flows/ports/sheet-editor.js';
import { type EditedSheet, openEditedSheet, type SheetOptions } from './edited-sheet.js';
import { print, tell } from './print.js';

/** A number is that of a row; `id:5` is the alert whose id it is. */
export function readTarget(text: string): RowTarget {
  const trimmed = text.trim();
  const [, row] = /^(?:row:)?(\d{1,7})$/.exec(trimmed) ?? [];
  return row === undefined ? { id: trimmed.replace(/^id:/, '') } : { row: Number(row) };
}

type Edit = (opened: EditedSheet) => Promise<Result<EditedRow, EditError>>;

/** What is said of an edit that was made; the row's number tells where to look. */
interface Words {
  readonly done: string;
  readonly same: string;
}

/** Resolves to the exit code. */
export async function runEdit(options: SheetOptions, edit: Edit, words: Words): Promise<number> {
  const edited = await edit(await openEditedSheet(options));
  if (options.json) print(JSON.stringify(edited.ok ? edited.value : { error: edited.error }));
  else if (!edited.ok) tell(problemText(edited.error));
  else {
    const { row, id, shown, isChanged, notes } = edited.value;
    print(`row ${row}, ${shown} (${id}): ${isChanged ? words.done : words.same}`);
    for (const note of notes) tell(note);
  }
  return edited.ok ? 0 : 1;
}

export interface AddOptions extends SheetOptions {
  readonly user?: string;
  readonly exchange?: string;
  readonly repeat?: string;
  readonly expires?: string;
  readonly priority?: string;
  readonly notify?: string;
  readonly name?: string;
  readonly notes?: string;
}

/** `text`: what a trader would say, such as `BTCUSDT above 95000`. */
export function addAlert(text: string, options: AddOptions): Promise<number> {
  const { user, exchange, repeat, expires, priority, notify, name, notes } = options;
  const given = { ...alertCells(text), user, exchange, repeat, expires, priority, notify, name, notes };
  const cells: RowCells = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return runEdit(options, ({ editor, context }) => editor.append(cells, context()), {
    done: 'added; the next check arms it',
    same: 'there already',
  });
}

export function setActive(target: string, isActive: boolean, options: SheetOptions): Promise<number> {
  const cells = { active: isActive ? 'TRUE' : 'FALSE' };
  const words = isActive
    ? { done: 'resumed; the next check arms it', same: 'is not paused' }
    : { done: 'paused from the next check on', same: 'is paused already' };
  return runEdit(options, ({ editor, context }) => editor.change(readTarget(target), cells, context()), words);
}

export function removeAlert(target: string, options: SheetOptions): Promise<number> {
  return runEdit(options, ({ editor, context }) => editor.remove(readTarget(target), context()), {
    done: 'removed; the next check ends the alert',
    same: 'is gone already',
  });
}
