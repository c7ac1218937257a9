import type { Problem } from '../problem.js';

/** Why an edit was not made, or not as it was asked for. A kind exists because a person or the page does something else. */
export interface EditProblem extends Problem {
  readonly kind:
    | 'no-such-row'
    /** One id in several rows: nobody can tell which is meant. */
    | 'several-rows'
    | 'no-column'
    /** Adding the column `id` (one cell) makes the edit possible. */
    | 'no-id-column'
    /** In the sheet's own words. */
    | 'wrong-cells'
    | 'same-alert'
    | 'formula'
    | 'unsafe-text'
    /** Its sharing lets us read only. */
    | 'not-editor'
    | 'protected'
    /** Somebody moved rows meanwhile: the edit was not made, and what it hit was put back. */
    | 'moved'
    /** The sheet may not be as it should: the message says which row to look at. */
    | 'look'
    /** No answer came. Nothing of the edit is in the sheet so far. */
    | 'lost'
    | 'changed-meanwhile'
    | 'open-elsewhere'
    | 'not-empty';
}
