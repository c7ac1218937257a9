import { type AutoscaleInfo, CandlestickSeries, createChart, type IPriceLine } from 'lightweight-charts';
import type { AlertState, CandleView } from '../../protocol.js';
import { watchAxis } from './axis-click.js';
import { type Band, bandsPrimitive } from './bands.js';
import { barOf, firstBars, type PriceBar, stretchOf } from './bars.js';
import { onSchemeChange, readColours } from './colours.js';
import { createFixedMark } from './fixed-mark.js';
import { createHandle } from './line-handle.js';
import type { ChartLine, LineMark } from './line-mark.js';
import { chartOptions, lineOptions } from './looks.js';
import { drawMarks, type Mark } from './marks.js';
import { holdFocus, newKey, newLine } from './new-line.js';
import { placeHandles } from './place-handles.js';
import { precisionOf, roundedText, roundStep } from './steps.js';
import { widened } from './widened.js';

export interface ChartBand {
  /** Of the two lines that bound it. */
  readonly keys: readonly [string, string];
  readonly state: AlertState;
}

export interface ChartHandlers {
  /** False where it was not saved. */
  onMove(key: string, price: string): Promise<boolean>;
  onAxis(price: string): void;
}

export interface PriceChart {
  setCandles(candles: readonly CandleView[], isOtherSpan: boolean): void;
  setLast(price: string | undefined): void;
  setLines(lines: readonly ChartLine[], bands: readonly ChartBand[]): void;
  /** A line at the last price, which ends at `onAxis` where it is saved. Nothing before there is a price. */
  beginNew(symbol: string): void;
  setMarks(marks: readonly Mark[]): void;
  /** A stretch of time (ms), as far as there are candles of it. */
  show(from: number, to: number): void;
  destroy(): void;
}

interface Drawn {
  readonly priceLine: IPriceLine;
  readonly mark: LineMark;
  line: ChartLine;
}

/** One piece, because every part of it draws on the same series and its scale. */
export function createPriceChart(container: HTMLElement, timeZone: string, handlers: ChartHandlers): PriceChart {
  let colours = readColours();
  let precision = 2;
  let last: string | undefined;
  let bars: PriceBar[] = [];
  let bands: readonly ChartBand[] = [];
  const drawn = new Map<string, Drawn>();
  const chart = createChart(container, chartOptions(colours, timeZone, precision));
  const autoscaleInfoProvider = (original: () => AutoscaleInfo | null) => widened(original(), wantedPrices());
  const series = chart.addSeries(CandlestickSeries, { borderVisible: false, autoscaleInfoProvider });
  const marks = drawMarks(series, container);
  const overlay = document.createElement('div');
  overlay.className = 'handles';
  container.append(overlay);

  const paneWidth = () => container.clientWidth - series.priceScale().width();
  const paneHeight = () => container.clientHeight - chart.timeScale().height();
  const wantedPrices = () =>
    [...drawn.values()].map(({ mark, line }) => ({ price: Number(mark.price()), isOwn: line.isOwn }));

  function place() {
    overlay.style.right = `${series.priceScale().width()}px`;
    const placed = [...drawn.values()].map(({ mark, line }) => ({
      element: mark.element,
      y: series.priceToCoordinate(Number(mark.price())),
      isOwn: line.isOwn,
    }));
    placeHandles(placed, paneHeight());
  }

  const pricePerPixel = () => Math.abs((series.coordinateToPrice(0) ?? 0) - (series.coordinateToPrice(100) ?? 0)) / 100;
  const topOf = () => container.getBoundingClientRect().top;

  function handleOf(line: ChartLine): LineMark {
    return createHandle(line, {
      priceAt: (clientY) =>
        series.coordinateToPrice(Math.min(Math.max(clientY - topOf(), 0), paneHeight())) ?? undefined,
      pricePerPixel,
      precision: () => precision,
      last: () => last,
      freeze: () => series.priceScale().applyOptions({ autoScale: false }),
      thaw: () => series.priceScale().applyOptions({ autoScale: true }),
      onShow: (price) => {
        drawn.get(line.key)?.priceLine.applyOptions({ price: Number(price) });
        place();
      },
      onSave: async (price) => {
        if (line.key !== newKey) return handlers.onMove(line.key, price);
        handlers.onAxis(price);
        return false;
      },
    });
  }

  function drop(key: string, each: Drawn) {
    series.removePriceLine(each.priceLine);
    each.mark.element.remove();
    drawn.delete(key);
  }

  function draw(line: ChartLine) {
    const known = drawn.get(line.key);
    if (known !== undefined && known.line.canMove === line.canMove) {
      known.line = line;
      known.mark.update(line);
      known.priceLine.applyOptions(lineOptions(line, known.mark.price(), colours));
      return;
    }
    if (known !== undefined) drop(line.key, known);
    const mark = line.canMove ? handleOf(line) : createFixedMark(line);
    drawn.set(line.key, { priceLine: series.createPriceLine(lineOptions(line, line.price, colours)), mark, line });
    overlay.append(mark.element);
  }

  function paint() {
    colours = readColours();
    chart.applyOptions(chartOptions(colours, timeZone, precision));
    const { up, down } = colours;
    const priceFormat = { type: 'price' as const, precision, minMove: 10 ** -precision };
    series.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down, priceFormat });
    for (const { line } of drawn.values()) draw(line);
    marks.draw(bars, colours);
  }

  const colouredBands = () =>
    bands.flatMap(({ keys, state }): Band[] => {
      const [from, to] = keys.map((key) => Number(drawn.get(key)?.mark.price()));
      return from === undefined || to === undefined ? [] : [{ from, to, colour: colours[state] }];
    });
  series.attachPrimitive(bandsPrimitive(series, colouredBands, place));
  const stopScheme = onSchemeChange(paint);
  const stopAxis = watchAxis(container, {
    priceAt({ clientX, clientY }) {
      const box = container.getBoundingClientRect();
      const [x, y] = [clientX - box.left, clientY - box.top];
      if (bars.length === 0 || x < paneWidth() || x > container.clientWidth || y < 0 || y > paneHeight())
        return undefined;
      const price = series.coordinateToPrice(y);
      return price === null ? undefined : roundedText(price, roundStep(pricePerPixel(), precision), precision);
    },
    onPrice: handlers.onAxis,
  });
  paint();

  return {
    setCandles(candles, isOtherSpan) {
      bars = candles.map(barOf);
      precision = precisionOf(candles.flatMap(({ open, high, low, close }) => [open, high, low, close]));
      series.setData(bars);
      paint();
      if (isOtherSpan) {
        const from = bars.length - firstBars.shown;
        chart.timeScale().setVisibleLogicalRange({ from, to: bars.length + firstBars.room });
      }
    },
    setLast(price) {
      last = price;
      const bar = bars.at(-1);
      const close = Number(price);
      if (bar === undefined || !(close > 0)) return;
      series.update({ ...bar, close, high: Math.max(bar.high, close), low: Math.min(bar.low, close) });
    },
    setLines(lines, filled) {
      const keys = new Set(lines.map(({ key }) => key));
      for (const [key, each] of drawn) if (!keys.has(key) && key !== newKey) drop(key, each);
      bands = filled;
      for (const line of lines) draw(line);
      place();
    },
    beginNew(symbol) {
      if (last === undefined || drawn.has(newKey)) return;
      draw(newLine(symbol, last));
      place();
      const made = drawn.get(newKey);
      if (made !== undefined) holdFocus(made.mark.element, () => drop(newKey, made));
    },
    setMarks(next) {
      marks.set(next);
      marks.draw(bars, colours);
    },
    show(from, to) {
      const stretch = stretchOf(bars, from, to);
      if (stretch !== undefined) chart.timeScale().setVisibleRange(stretch);
    },
    destroy() {
      stopScheme();
      stopAxis();
      chart.remove();
      overlay.remove();
    },
  };
}
