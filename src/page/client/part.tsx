import type { ComponentChildren } from 'preact';
import type { Refused } from '../protocol.js';
import { refusalText } from './editing.js';

interface PartProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Beside the title. */
  readonly action?: ComponentChildren;
  readonly isWide?: boolean;
}

/** A framed part of a screen, with its title. */
export const Part = ({ title, children, action, isWide = false }: PartProps) => (
  <section class={`part ${isWide ? 'whole' : ''}`} aria-label={title}>
    <div class="part-head">
      <h2>{title}</h2>
      {action}
    </div>
    {children}
  </section>
);

/** What could not be had, and a way to ask again. */
export const NotHad = ({ what, refused, again }: { what: string; refused: Refused; again(): void }) => (
  <p class="not-had" role="alert">
    <span>
      {what}: {refusalText(refused)}
    </span>
    <button type="button" onClick={again}>
      Try again
    </button>
  </p>
);
