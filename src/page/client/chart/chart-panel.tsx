import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type CandleSpan, candleSpans, type MarketView, type Refused } from '../../protocol.js';
import type { BacktestView } from '../../protocol-views.js';
import { Ask } from '../dialog.js';
import { type Page, refusalText } from '../editing.js';
import { useKeys } from '../keys.js';
import { goTo, newHash } from '../route.js';
import { exchangeCell, marketKeyOf, pricesByMarket, sameMarket, shownMarket } from '../shown.js';
import { chartBands, chartLines } from './alert-lines.js';
import type { Mark } from './marks.js';
import type { PriceChart } from './price-chart.js';
import { useCandles } from './use-candles.js';
import { useMoves } from './use-moves.js';

interface Props {
  readonly market: MarketView;
  readonly page: Page;
  /** The alert that the screen is about. */
  readonly ownId?: string;
  /** What happened on the market. */
  readonly marks: readonly Mark[];
  /** What would have happened, and when it was looked for. */
  readonly test?: BacktestView | undefined;
}

let rememberedSpan: CandleSpan = '15m';

/** A month of them is in sight at once. */
const testSpan: CandleSpan = '4h';

const testedMarks = (test: BacktestView | undefined): readonly Mark[] =>
  test?.fires.map(({ touchedAt, reached }) => ({ kind: 'tested', at: touchedAt, reached })) ?? [];

interface Handlers {
  move(key: string, price: string): Promise<boolean>;
  make(price: string): void;
}

/** The library comes when the first chart is wanted, so that the list need not wait for it. */
function useChart(timeZone: string, handlers: Handlers) {
  const container = useRef<HTMLDivElement>(null);
  const latest = useRef(handlers);
  latest.current = handlers;
  const [chart, setChart] = useState<PriceChart>();
  const [isMissing, setMissing] = useState(false);
  useEffect(() => {
    let made: PriceChart | undefined;
    let isOver = false;
    import('./price-chart.js').then(
      ({ createPriceChart }) => {
        if (isOver || container.current === null) return;
        made = createPriceChart(container.current, timeZone, {
          onMove: (key, price) => latest.current.move(key, price),
          onAxis: (price) => latest.current.make(price),
        });
        setChart(made);
      },
      () => setMissing(true),
    );
    return () => {
      isOver = true;
      made?.destroy();
    };
  }, []);
  return { container, chart, isMissing };
}

function Spans({ span, onChoose }: { readonly span: CandleSpan; onChoose(span: CandleSpan): void }) {
  return (
    <fieldset class="spans" aria-label="Span of a candle">
      {candleSpans.map((each) => (
        <button key={each} type="button" aria-pressed={each === span} onClick={() => onChoose(each)}>
          {each}
        </button>
      ))}
    </fieldset>
  );
}

interface NoteProps {
  readonly isMissing: boolean;
  readonly isLoading: boolean;
  readonly refused: Refused | undefined;
  onRetry(): void;
}

function Note({ isMissing, isLoading, refused, onRetry }: NoteProps) {
  if (isMissing) {
    return <p class="chart-note">The chart could not be loaded; reload the page when its server answers again.</p>;
  }
  if (refused === undefined) return isLoading ? <p class="chart-note">Loading the candles…</p> : null;
  return (
    <p class="chart-note">
      No candles: {refusalText(refused)}{' '}
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </p>
  );
}

/** The library's licence asks for its notice, which its package does not bring, and for the link. */
const Foot = ({ canEdit, marks }: { readonly canEdit: boolean; readonly marks: readonly Mark[] }) => (
  <p class="small chart-foot">
    {canEdit && <span>Drag a line to move its alert; click the price axis, or press a, for a new one.</span>}
    <span class="legends">
      {marks.some(({ kind }) => kind === 'fired') && <span class="legend fired">has fired</span>}
      {marks.some(({ kind }) => kind === 'tested') && <span class="legend tested">would have rung</span>}
    </span>
    <a href="https://www.tradingview.com/" target="_blank" rel="noopener noreferrer">
      TradingView Lightweight Charts™ Copyright (с) 2025 TradingView, Inc.
    </a>
  </p>
);

/** One piece, because each effect hands a part of the same state to the same chart. */
export function ChartPanel({ market, page, ownId, marks, test }: Props) {
  const { state } = page;
  const [span, setSpan] = useState(rememberedSpan);
  const drawnSpan = useRef<CandleSpan>(undefined);
  const { read, refused, retry } = useCandles(market, span);
  const { question, move } = useMoves(market, page);
  const last = pricesByMarket(state.prices).get(marketKeyOf(market))?.price;
  const canEdit = state.sheet.readOnly === undefined;

  function make(price: string) {
    if (!canEdit) return;
    const condition = last !== undefined && Number(price) < Number(last) ? 'below' : 'above';
    goTo(newHash({ symbol: shownMarket(market), ...exchangeCell(market, state.exchanges), condition, price }));
  }
  const { container, chart, isMissing } = useChart(state.timeZone, { move, make });
  const begin = () => canEdit && chart?.beginNew(shownMarket(market));
  useKeys({ a: begin });
  const all = useMemo(() => [...marks, ...testedMarks(test)], [marks, test]);

  useEffect(() => {
    if (test !== undefined) setSpan(testSpan);
  }, [test]);

  useEffect(() => {
    if (chart === undefined || read === undefined) return;
    chart.setCandles(read.candles, drawnSpan.current !== read.span);
    drawnSpan.current = read.span;
  }, [chart, read]);
  useEffect(() => chart?.setLast(last), [chart, read, last]);
  useEffect(() => {
    if (test !== undefined && read?.span === testSpan) chart?.show(test.from, test.to);
  }, [chart, test, read?.span]);
  useEffect(() => chart?.setMarks(all), [chart, all]);
  useEffect(() => {
    const alerts = state.alerts.filter((alert) => alert.market !== undefined && sameMarket(alert.market, market));
    chart?.setLines(chartLines(alerts, ownId, canEdit), chartBands(alerts));
  }, [chart, read, state.alerts, ownId, canEdit]);

  return (
    <section class="chart-panel" aria-label={`Chart of ${shownMarket(market)} on ${market.exchange}`}>
      <div class="chart-head">
        <b>{shownMarket(market)}</b> <span class="small">{market.exchange}</span>
        {canEdit && (
          <button type="button" class="begin" onClick={begin}>
            New line <kbd>a</kbd>
          </button>
        )}
        <Spans
          span={span}
          onChoose={(each) => {
            rememberedSpan = each;
            setSpan(each);
          }}
        />
      </div>
      <div class="chart" ref={container} data-ready={chart !== undefined && read !== undefined} />
      <Note isMissing={isMissing} isLoading={read === undefined} refused={refused} onRetry={retry} />
      <Foot canEdit={canEdit} marks={all} />
      {question !== undefined && (
        <Ask
          title={question.title}
          text={question.text}
          yes="Move it there"
          no="Take it back"
          onAnswer={question.answer}
        />
      )}
    </section>
  );
}
