import type { MarketView } from '../../protocol.js';
import type { HistoryView } from '../../protocol-views.js';
import type { Mark } from '../chart/marks.js';
import { sameMarket } from '../shown.js';

/** Where alerts have fired on that market, for its chart. A rate of funding has no place among prices. */
export const firesOf = (history: HistoryView | undefined, market: MarketView | undefined): readonly Mark[] =>
  history?.entries.flatMap(({ fire }): Mark[] => {
    if (fire === undefined || market === undefined || !sameMarket(fire.market, market)) return [];
    return [{ kind: 'fired', at: fire.touchedAt, reached: fire.reached }];
  }) ?? [];
