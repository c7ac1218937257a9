import type { Alert } from '../domain/alert.js';
import type { FundingEvidence } from '../domain/funding-evaluation.js';
import { groupBy } from '../domain/group-by.js';
import { marketKey, sourceName } from '../domain/market.js';
import type { ExchangeCalls, FundingAnswer } from './ask-exchanges.js';
import { createFailures, type Unpriced } from './market-failures.js';
import { priceRequestsOf, route, type Sources } from './price-requests.js';
import type { FailedMarket } from './summary.js';

/** Told of a perpetual's alerts as soon as its rate is there. */
export type TellFunding = (alerts: readonly Alert[], evidence: FundingEvidence) => void;

export interface GatheredFunding {
  /** Keys of the markets that gave a rate. */
  readonly checked: readonly string[];
  readonly failed: readonly FailedMarket[];
  readonly unpriced: readonly Unpriced[];
  /** Questions that found no time. */
  readonly left: number;
}

/**
 * The rate of every perpetual that alerts on funding ask for, each exchange in one go. An alert without a market takes
 * that of the first exchange that gives a rate; one that has a market stays with it. There are no windows: what happened
 * between two checks is not asked for.
 */
export async function gatherFunding(
  sources: Sources,
  alerts: readonly Alert[],
  calls: Pick<ExchangeCalls, 'askFunding'>,
  tell: TellFunding,
): Promise<GatheredFunding> {
  const requests = priceRequestsOf(alerts);
  const routes = new Map(requests.map((request) => [request.key, route(request, sources)]));
  const failures = createFailures(requests, sources);
  const settled = new Set<string>();
  const checked = new Set<string>();
  let left = 0;
  let open = requests;
  for (let turn = 0; open.length > 0; turn += 1) {
    const asked = open.flatMap((priceRequest) => {
      const market = routes.get(priceRequest.key)?.[turn];
      return market === undefined ? [] : [{ priceRequest, market }];
    });
    const take = ({ priceRequest, market }: (typeof asked)[number], answer: FundingAnswer): void => {
      if ('error' in answer) {
        failures.note({ priceRequest, market }, answer.error);
        return;
      }
      settled.add(priceRequest.key);
      checked.add(marketKey(market));
      tell(priceRequest.alerts, { market, ...answer });
    };
    const groups = [...groupBy(asked, ({ market }) => sourceName(market))].map(async ([name, group]) => {
      const source = sources.get(name);
      const symbols = [...new Set(group.map(({ market }) => market.symbol))];
      const answers = source === undefined ? undefined : await calls.askFunding(source, symbols);
      if (answers === undefined) {
        left += group.length;
        for (const { priceRequest } of group) settled.add(priceRequest.key);
        return;
      }
      for (const each of group) take(each, answers.get(each.market.symbol) ?? { error: { kind: 'unknown-symbol' } });
    });
    await Promise.all(groups);
    open = asked.map(({ priceRequest }) => priceRequest).filter(({ key }) => !settled.has(key));
  }
  return { checked: [...checked], failed: failures.list(settled), unpriced: failures.unpriced(settled), left };
}
