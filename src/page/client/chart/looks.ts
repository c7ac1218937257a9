import { type ChartOptions, type DeepPartial, LineStyle, TickMarkType, type Time } from 'lightweight-charts';
import { grouped, isWatched } from '../shown.js';
import type { Colours } from './colours.js';
import type { ChartLine } from './line-mark.js';

const formatted = (time: Time, timeZone: string, parts: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { ...parts, timeZone }).format(Number(time) * 1_000).replace(',', '');

const tickParts: Readonly<Record<TickMarkType, Intl.DateTimeFormatOptions>> = {
  [TickMarkType.Year]: { year: 'numeric' },
  [TickMarkType.Month]: { month: 'short' },
  [TickMarkType.DayOfMonth]: { day: 'numeric', month: 'short' },
  [TickMarkType.Time]: { hour: '2-digit', minute: '2-digit' },
  [TickMarkType.TimeWithSeconds]: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
};

/** Times in the owner's zone; without the logo, whose style the page's own policy forbids (its text stands below). */
export function chartOptions(colours: Colours, timeZone: string, precision: number): DeepPartial<ChartOptions> {
  const full = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  return {
    autoSize: true,
    layout: {
      attributionLogo: false,
      background: { color: colours.surface },
      textColor: colours.muted,
      fontFamily: getComputedStyle(document.body).fontFamily,
      fontSize: 12,
    },
    grid: { vertLines: { color: colours.line }, horzLines: { color: colours.line } },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.08 } },
    timeScale: {
      borderVisible: false,
      timeVisible: true,
      tickMarkFormatter: (time: Time, type: TickMarkType) => formatted(time, timeZone, tickParts[type]),
    },
    localization: {
      priceFormatter: (price: number) => grouped(price.toFixed(precision)),
      timeFormatter: (time: Time) => formatted(time, timeZone, full),
    },
  };
}

/** What nothing watches, and what nobody can move, is dashed. */
export const lineOptions = ({ state, isOwn, canMove }: ChartLine, price: string, colours: Colours) => ({
  price: Number(price),
  color: colours[state],
  lineWidth: isOwn ? (2 as const) : (1 as const),
  lineStyle: isWatched(state) && canMove ? LineStyle.Solid : LineStyle.Dashed,
  axisLabelVisible: true,
});
