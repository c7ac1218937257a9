import type { WaitingAlert } from '../../domain/alert.js';
import { kindNamed } from '../../domain/conditions/registry.js';
import { type Market, shownSymbol } from '../../domain/market.js';
import { shownTime } from '../../domain/message.js';
import type { Backtested } from '../../flows/backtest.js';

interface Tested {
  /** As its row asks for it. */
  readonly alert: WaitingAlert;
  readonly market: Market;
  readonly result: Backtested;
  /** ms */
  readonly asked: { readonly from: number; readonly to: number; readonly everyMinutes: number };
  readonly timeZone: string;
}

function candlesText({ hours, byMinute }: Backtested): string {
  if (byMinute === hours) return 'Candles of a minute, throughout.';
  if (byMinute === 0) return 'Candles of an hour: each of them rules a fire out, so no minute could matter.';
  return `Candles of a minute in ${byMinute} of ${hours} hours; the candle of each other hour rules a fire out.`;
}

/** What the answer rests on, and what it leaves out. */
export function restsOn({ alert, market, result, asked, timeZone }: Tested): readonly string[] {
  const { condition, repeat, expires } = alert;
  const time = (instant: number): string => shownTime(instant, asked.to, timeZone);
  const kind = kindNamed(condition.kind);
  const isTrail = kind.hasStart && !kind.hasOtherSide;
  const fired = result.fired.length > 0;
  return [
    `${market.exchange} ${shownSymbol(market)} from ${time(result.from)} to ${result.to === asked.to ? 'now' : time(result.to)}, a check every ${asked.everyMinutes} minutes.`,
    candlesText(result),
    ...(result.from > asked.from ? ['The exchange has no older candles of it.'] : []),
    ...(result.incomplete > 0
      ? [`Minutes are missing in ${result.incomplete} of ${result.hours} hours, so a fire there may be missing too.`]
      : []),
    ...(fired && repeat === undefined ? ['It fires once, so nothing after that was tested.'] : []),
    ...(isTrail ? ['It was armed at the beginning of that time, and its extreme counts from there.'] : []),
    ...(expires === undefined ? [] : ['Its expiry is left aside.']),
  ];
}
