import { useState } from 'preact/hooks';
import type { Result } from '../../domain/result.js';
import type { Edited, PageState, Refused, RowEdit } from '../protocol.js';
import { refusalText } from './editing.js';
import { type FormCells, type FormColumn, type FormProblems, problemsOf } from './form-check.js';

/** In the order in which they stand in the form. */
export const formLabels: Readonly<Record<FormColumn, string>> = {
  symbol: 'Symbol',
  condition: 'Condition',
  price: 'Target',
  exchange: 'Exchange',
  name: 'Name',
  repeat: 'Repeat',
  expires: 'Expires',
  priority: 'Priority',
  user: 'User',
  notify: 'Notify',
  notes: 'Notes',
};
const formColumns = Object.keys(formLabels) as readonly FormColumn[];

/** What is wrong with a cell, and with the whole. */
type Told = FormProblems & { readonly whole?: string | undefined };

/** A server may name the cell by its title, as the sheet does. */
function columnNamed(title: string | undefined): FormColumn | undefined {
  const name = title === 'user_id' ? 'user' : title;
  return formColumns.find((column) => column === name);
}

function toldBy(refused: Refused): Told {
  const column = columnNamed(refused.column);
  return { [column ?? 'whole']: refusalText(refused) };
}

/** What a new row need not say: not every sheet has the column of the users. */
const saysNothing = (name: FormColumn, text: string): boolean => text === '' || (name === 'user' && text === 'default');

const focusOn = (column: FormColumn | undefined) => column && document.getElementById(`cell-${column}`)?.focus();

export interface FormOf {
  readonly state: PageState;
  /** As the row has them now, or as a new one begins. */
  readonly row: FormCells;
  readonly isNew: boolean;
  save(row: RowEdit): Promise<Result<Edited, Refused>>;
}

export interface Form {
  readonly cells: FormCells;
  readonly told: Told;
  readonly hasChanged: boolean;
  readonly isSaving: boolean;
  readonly canEdit: boolean;
  type(column: FormColumn, text: string): void;
  takeBack(): void;
  submit(event: Event): Promise<void>;
  /** The whole row as the form has it; undefined where it is wrong, and that is told. */
  checkedRow(): RowEdit | undefined;
  tell(refused: Refused): void;
}

/** What was typed lies over the row, which goes on following the sheet where nobody has typed. */
export function useForm({ state, row, isNew, save }: FormOf): Form {
  const [typed, setTyped] = useState<Partial<FormCells>>({});
  const [told, setTold] = useState<Told>({});
  const [isSaving, setSaving] = useState(false);
  const cells: FormCells = { ...row, ...typed };
  const changed = formColumns.filter((name) => cells[name].trim() !== row[name].trim());

  const rowOf = (names: readonly FormColumn[]): RowEdit =>
    Object.fromEntries(names.map((name) => [name, cells[name].trim()]));
  const filled = () => formColumns.filter((name) => cells[name].trim() !== '');
  const spoken = () => formColumns.filter((name) => !saysNothing(name, cells[name].trim()));

  function isRight(): boolean {
    const problems = problemsOf(cells, state, isNew);
    setTold(problems);
    const first = formColumns.find((name) => problems[name] !== undefined);
    focusOn(first);
    return first === undefined;
  }

  function tell(refused: Refused) {
    setTold(toldBy(refused));
    focusOn(columnNamed(refused.column));
  }

  async function submit(event: Event) {
    event.preventDefault();
    if (!isRight()) return;
    setSaving(true);
    const answer = await save(rowOf(isNew ? spoken() : changed));
    setSaving(false);
    if (answer.ok) setTyped({});
    else tell(answer.error);
  }

  return {
    cells,
    told,
    hasChanged: changed.length > 0,
    isSaving,
    canEdit: state.sheet.readOnly === undefined,
    type(column, text) {
      setTyped((old) => ({ ...old, [column]: text }));
      setTold((old) => ({ ...old, [column]: undefined, whole: undefined }));
    },
    takeBack() {
      setTyped({});
      setTold({});
    },
    submit,
    checkedRow: () => (isRight() ? rowOf(filled()) : undefined),
    tell,
  };
}
