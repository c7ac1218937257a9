import * as v from 'valibot';
import type { Trigger } from '../../domain/alert.js';
import { Text } from '../../domain/fields/field.js';
import { RateText } from '../../domain/funding.js';
import { exchangeNames, marketKinds } from '../../domain/market.js';
import { PriceText } from '../../domain/price.js';
import { Instant, instantText } from './instant.js';

const ExchangeName = v.picklist(exchangeNames, `expected ${exchangeNames.join(', ')}`);
const SamePriceText = v.pipe(
  PriceText,
  v.transform((price) => price.text),
);
const SameRateText = v.pipe(
  RateText,
  v.transform((rate) => rate.text),
);

/** The facts of a touch: on an alert's item, and in the history. */
export const triggerFields = {
  fired_exchange: ExchangeName,
  /** Items of the first version knew spot markets alone. */
  fired_kind: v.optional(v.picklist(marketKinds), 'spot'),
  fired_symbol: Text,
  fired_price: SamePriceText,
  touched_at: Instant,
  last_price: SamePriceText,
  last_price_at: Instant,
  reference_price: v.optional(SamePriceText),
  reference_at: v.optional(Instant),
};

/** Of a fire by the funding: a rate in place of the prices, and what belongs to it. */
export const fundingFields = {
  fired_price: SameRateText,
  last_price: SameRateText,
  funding_interval_hours: v.pipe(v.number(), v.minValue(1, 'expected 1 or more')),
  next_funding_at: Instant,
};

const Touched = v.object(triggerFields);
const TouchedByFunding = v.object({ ...triggerFields, ...fundingFields });

export function triggerOf(item: v.InferOutput<typeof Touched> | v.InferOutput<typeof TouchedByFunding>): Trigger {
  return {
    market: { exchange: item.fired_exchange, kind: item.fired_kind, symbol: item.fired_symbol },
    price: item.fired_price,
    touchedAt: item.touched_at,
    lastPrice: item.last_price,
    lastPriceAt: item.last_price_at,
    ...(item.reference_price !== undefined &&
      item.reference_at !== undefined && { reference: { price: item.reference_price, at: item.reference_at } }),
    ...('funding_interval_hours' in item && {
      funding: { intervalHours: item.funding_interval_hours, nextAt: item.next_funding_at },
    }),
  };
}

export const triggerAttributes = (trigger: Trigger | undefined) => ({
  fired_exchange: trigger?.market.exchange,
  fired_kind: trigger?.market.kind === 'spot' ? undefined : trigger?.market.kind,
  fired_symbol: trigger?.market.symbol,
  fired_price: trigger?.price,
  touched_at: instantText(trigger?.touchedAt),
  last_price: trigger?.lastPrice,
  last_price_at: instantText(trigger?.lastPriceAt),
  reference_price: trigger?.reference?.price,
  reference_at: instantText(trigger?.reference?.at),
  funding_interval_hours: trigger?.funding?.intervalHours,
  next_funding_at: instantText(trigger?.funding?.nextAt),
});
