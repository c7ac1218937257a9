import type { Big } from 'big.js';

/** What becomes of an alert after a fire. Without one it fires once. */
export interface Repeat {
  /** As the row says it: shown, stored, and read again from there. */
  readonly text: string;
  /** It is armed again no earlier than so long after the claim; 0 for `always` and for `back` alone. */
  readonly afterMs: number;
  /** It is armed again only by a price on the other side of the target, that share of it beyond; 0 for a bare `back`. */
  readonly back: { readonly share: Big } | undefined;
}
