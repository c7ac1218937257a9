import { Field } from './field.js';
import type { FormColumn } from './form-check.js';
import { type Form, formLabels } from './use-form.js';

interface CellProps {
  readonly form: Form;
  readonly name: FormColumn;
  readonly hint?: string;
  readonly isWide?: boolean;
}

const fieldOf = ({ form, name, hint, isWide = false }: CellProps) => ({
  name,
  label: formLabels[name],
  problem: form.told[name],
  hint,
  isWide,
});

export function TextCell({ placeholder = '', ...props }: CellProps & { readonly placeholder?: string }) {
  const { form, name } = props;
  return (
    <Field {...fieldOf(props)}>
      {(control) => (
        <input
          {...control}
          type="text"
          autocomplete="off"
          spellcheck={false}
          disabled={!form.canEdit}
          value={form.cells[name]}
          placeholder={placeholder}
          onInput={(event) => form.type(name, event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function LongCell(props: CellProps) {
  const { form, name } = props;
  return (
    <Field {...fieldOf(props)}>
      {(control) => (
        <textarea
          {...control}
          rows={2}
          disabled={!form.canEdit}
          value={form.cells[name]}
          onInput={(event) => form.type(name, event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export type Option = readonly [value: string, text: string];

export const asOptions = (values: readonly string[]): readonly Option[] => values.map((value) => [value, value]);

/** A row may say it in other words: they stay as they are until somebody chooses. */
export function ChoiceCell({ options, ...props }: CellProps & { readonly options: readonly Option[] }) {
  const { form, name } = props;
  const own = form.cells[name];
  const shown = options.some(([value]) => value === own) ? options : [[own, own] as const, ...options];
  return (
    <Field {...fieldOf(props)}>
      {(control) => (
        <select
          {...control}
          disabled={!form.canEdit}
          value={own}
          onChange={(event) => form.type(name, event.currentTarget.value)}
        >
          {shown.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
