import type { Alert } from '../domain/alert.js';
import type { Looked } from '../domain/answers/looked.js';
import type { ConditionMemory } from '../domain/conditions/judge.js';
import type { PriceEvidence } from '../domain/evaluation.js';
import type { FundingRate } from '../domain/funding.js';
import type { FundingEvidence } from '../domain/funding-evaluation.js';
import { type Market, marketKey, shownSymbol } from '../domain/market.js';
import { type Unpriced, withoutWait } from './market-failures.js';
import type { FailedMarket } from './summary.js';

const placeOf = ({ exchange, symbol }: Pick<FailedMarket, 'exchange' | 'symbol'>): string => `${exchange}:${symbol}`;

/** Remembers what a run saw for each alert, for those who answer its trader. */
export function createLookOver() {
  const prices = new Map<string, Pick<PriceEvidence, 'market' | 'last'> & { memory: ConditionMemory | undefined }>();
  const rates = new Map<string, FundingRate>();
  return {
    price(alert: Alert, { market, last }: PriceEvidence, memory: ConditionMemory | undefined): void {
      prices.set(alert.id, { market, last, memory: memory ?? alert.memory?.judged });
    },
    rate(alert: Alert, { funding }: FundingEvidence): void {
      rates.set(alert.id, funding);
    },
    /** By alert; those for which there was no time are left out. */
    looked(failed: readonly FailedMarket[], unpriced: readonly Unpriced[]): (id: string) => Looked | undefined {
      const reasons = new Map(failed.map((each) => [placeOf(each), each.reason]));
      const without = new Map(unpriced.map((each) => [each.alert.id, each]));
      const problemAt = (market: Market): string | undefined => {
        const reason = reasons.get(placeOf({ exchange: market.exchange, symbol: shownSymbol(market) }));
        return reason && `${marketKey(market)}: ${withoutWait(reason)}`;
      };
      return (id) => {
        const seen = prices.get(id);
        if (seen !== undefined) {
          const { market, last, memory } = seen;
          return { kind: 'price', last, memory, problem: problemAt(market) };
        }
        const funding = rates.get(id);
        if (funding !== undefined) return { kind: 'funding', funding };
        const missing = without.get(id);
        if (missing === undefined) return undefined;
        const problem = `${placeOf(missing.market)}: ${withoutWait(missing.market.reason)}`;
        return { kind: missing.isUnlisted ? 'not-listed' : 'no-price', problem };
      };
    },
  };
}
