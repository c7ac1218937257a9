import type { ComponentChildren } from 'preact';

export interface Control {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby'?: string;
}

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly problem: string | undefined;
  readonly hint?: string | undefined;
  readonly isWide?: boolean;
  children(control: Control): ComponentChildren;
}

/** A control with its name above it and what is wrong with it below. */
export function Field({ name, label, problem, hint, isWide = false, children }: FieldProps) {
  const [id, note] = [`cell-${name}`, `note-${name}`];
  const text = problem ?? hint;
  return (
    <div class={`field ${isWide ? 'wide' : ''}`}>
      <label for={id}>{label}</label>
      {children({ id, 'aria-invalid': problem !== undefined, ...(text !== undefined && { 'aria-describedby': note }) })}
      {text !== undefined && (
        <p id={note} class={problem === undefined ? 'hint' : 'problem'}>
          {text}
        </p>
      )}
    </div>
  );
}
