import type { ConditionMemory } from '../conditions/judge.js';
import type { FundingRate } from '../funding.js';
import type { Price } from '../price.js';

/** What a check saw of an alert's market. `problem`: why not all of it, in words for the trader. */
export type Looked =
  | {
      readonly kind: 'price';
      readonly last: Price;
      /** As the check leaves it. */
      readonly memory: ConditionMemory | undefined;
      readonly problem: string | undefined;
    }
  | { readonly kind: 'funding'; readonly funding: FundingRate }
  /** No exchange that the row may mean lists the symbol, or none of them gave a price. */
  | { readonly kind: 'not-listed' | 'no-price'; readonly problem: string };
