import { useEffect, useMemo, useState } from 'preact/hooks';
import { dayMs } from '../../domain/time.js';
import type { MarketView, PageState, PriceView } from '../protocol.js';
import { getPrices } from './api.js';
import { ChartPanel } from './chart/chart-panel.js';
import { type Page, refusalText } from './editing.js';
import { FundingTable } from './funding-table.js';
import { firesOf } from './history/fires.js';
import { useHistory } from './history/use-history.js';
import { marketHash, newHash } from './route.js';
import { exchangeCell, grouped, marketKeyOf, pricesByMarket, sameMarket, shownInstant, shownMarket } from './shown.js';

/** `BTC-USD` and `BTCUSD` are one symbol that exchanges spell in two ways. */
const symbolKey = (market: MarketView): string => shownMarket(market).replace('-', '');

const alertsOf = (market: MarketView, { alerts }: PageState): number =>
  alerts.filter((alert) => alert.market !== undefined && sameMarket(alert.market, market)).length;

interface TableProps {
  readonly prices: readonly PriceView[];
  readonly state: PageState;
  readonly caption: string;
  /** Beside the chart there is room for little. */
  readonly isNarrow?: boolean;
}

function PriceTable({ prices, state, caption, isNarrow = false }: TableProps) {
  return (
    <table class="rows">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Market</th>
          <th scope="col">Exchange</th>
          <th scope="col" class="number">
            Price
          </th>
          <th scope="col" class="number">
            Alerts
          </th>
          {!isNarrow && (
            <th scope="col" class="wide-only">
              Seen
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {prices.map((price) => (
          <tr key={price.key}>
            <td>
              <a class="open" href={marketHash(price)}>
                <b>{shownMarket(price)}</b>
              </a>
            </td>
            <td>{price.exchange}</td>
            <td class="number">
              {price.price === undefined ? (
                <span class="problem">{price.problem ?? 'no price'}</span>
              ) : (
                grouped(price.price)
              )}
            </td>
            <td class="number">{alertsOf(price, state)}</td>
            {!isNarrow && <td class="wide-only small">{shownInstant(price.at, state.timeZone)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function MarketsScreen({ page: { state } }: { readonly page: Page }) {
  const [text, setText] = useState('');
  const found = state.prices
    .filter((price) =>
      `${symbolKey(price)} ${shownMarket(price)} ${price.exchange}`.toLowerCase().includes(text.toLowerCase()),
    )
    .toSorted((a, b) => symbolKey(a).localeCompare(symbolKey(b)) || a.exchange.localeCompare(b.exchange));
  return (
    <>
      <h1 class="unseen">Markets</h1>
      <search class="filter">
        <input
          type="search"
          aria-label="Filter the markets"
          placeholder="Filter by symbol or exchange …"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </search>
      {found.length === 0 ? (
        <p class="empty">
          {state.prices.length === 0
            ? 'No market is watched yet: the first alert brings its market here.'
            : 'No watched market fits the filter. An alert for it brings it here.'}
        </p>
      ) : (
        <PriceTable prices={found.slice(0, 200)} state={state} caption="Prices of the watched markets" />
      )}
    </>
  );
}

const refreshMs = 5_000;

/** Of every exchange, asked for while somebody looks; what is watched stands there at once. */
function useEveryPrice(market: MarketView, watched: readonly PriceView[]) {
  const symbol = shownMarket(market);
  const [asked, setAsked] = useState<Awaited<ReturnType<typeof getPrices>>>();
  useEffect(() => {
    let isOver = false;
    const load = async () => {
      const answer = await getPrices(symbol);
      if (!isOver) setAsked(answer);
    };
    void load();
    const timer = setInterval(load, refreshMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [symbol]);
  const prices = asked?.ok ? asked.value : watched.filter((price) => symbolKey(price) === symbolKey(market));
  return { prices, refused: asked?.ok === false ? asked.error : undefined };
}

/** The price on every exchange, and the chart of the one that was chosen. */
export function MarketScreen({ market, page }: { readonly market: MarketView; readonly page: Page }) {
  const { state } = page;
  const { prices, refused } = useEveryPrice(market, state.prices);
  const last = pricesByMarket(state.prices).get(marketKeyOf(market))?.price;
  const exchange = exchangeCell(market, state.exchanges);
  const history = useHistory(state, { lastMs: 60 * dayMs }).value;
  const marks = useMemo(() => firesOf(history, market), [history, marketKeyOf(market)]);
  const cells = { symbol: shownMarket(market), ...exchange, ...(last !== undefined && { price: last }) };
  return (
    <>
      <div class="title">
        <h1>{shownMarket(market)}</h1>
        <p class="small">{market.exchange}</p>
        <div class="actions">
          <a class="button" href={newHash(cells)}>
            New alert on it
          </a>
        </div>
      </div>
      <div class="split">
        <ChartPanel market={market} page={page} marks={marks} />
        <div class="stack">
          <PriceTable prices={prices} isNarrow state={state} caption={`${shownMarket(market)} on every exchange`} />
          {refused !== undefined && <p class="problem">Not every price: {refusalText(refused)}</p>}
          <FundingTable market={market} now={state.now} timeZone={state.timeZone} />
        </div>
      </div>
    </>
  );
}
