import type { Asked, Trigger } from './alert.js';
import type { Notification } from './delivery/notification.js';
import { annualRate, rate, ratePercent } from './funding.js';
import { shownSymbol } from './market.js';

/** In digits, for programs: what was reached, and what belongs to it. */
function touchFacts({ price, lastPrice, reference, funding, ...at }: Trigger): Notification['facts'] {
  const touchedAt = new Date(at.touchedAt).toISOString();
  if (funding === undefined) {
    const lastPriceAt = new Date(at.lastPriceAt).toISOString();
    return {
      ...{ price, touchedAt, lastPrice, lastPriceAt },
      ...(reference && { referencePrice: reference.price, referenceAt: new Date(reference.at).toISOString() }),
    };
  }
  const { intervalHours, nextAt } = funding;
  const reached = rate(price);
  return {
    price: ratePercent(reached),
    touchedAt,
    fundingRate: reached.value.toFixed(),
    fundingIntervalHours: intervalHours,
    annualRate: annualRate({ rate: reached, intervalHours }).round(6).toFixed(),
    nextFundingAt: new Date(nextAt).toISOString(),
  };
}

/** What a fire is, for programs. */
export const factsOf = (alert: Asked, trigger: Trigger, isPossibleRepeat: boolean): Notification['facts'] => ({
  alertId: alert.id,
  user: alert.user,
  exchange: trigger.market.exchange,
  symbol: shownSymbol(trigger.market),
  condition: alert.condition.kind,
  targetPrice: alert.condition.target.text,
  ...touchFacts(trigger),
  name: alert.name,
  notes: alert.notes,
  isPossibleRepeat,
});
