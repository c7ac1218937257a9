import { useState } from 'preact/hooks';
import type { MarketView, PriceView } from '../protocol.js';
import type { BacktestView } from '../protocol-views.js';
import { AlertForm } from './alert-form.js';
import { ChartPanel } from './chart/chart-panel.js';
import type { Mark } from './chart/marks.js';
import type { Page } from './editing.js';
import type { FormCells } from './form-check.js';
import { alertHash, goTo } from './route.js';
import { ReadOnly } from './row-errors.js';
import { marketKeyOf, pricesByMarket, shownMarket } from './shown.js';

interface Props {
  /** What the form begins with. */
  readonly cells: Readonly<Record<string, string>>;
  readonly page: Page;
}

const noMarks: readonly Mark[] = [];

const blank: FormCells = {
  symbol: '',
  condition: 'above',
  price: '',
  exchange: '',
  user: '',
  repeat: '',
  expires: '',
  priority: '',
  notify: '',
  name: '',
  notes: '',
};

/** The market that the asked symbol is of, where one is watched already: its chart helps to choose. */
const marketOf = (
  { symbol = '', exchange = '' }: Props['cells'],
  prices: readonly PriceView[],
): PriceView | undefined =>
  prices.find((price) => shownMarket(price) === symbol && (exchange === '' || price.exchange === exchange));

export function NewAlert({ cells, page }: Props) {
  const { state, edits, say } = page;
  const { users } = state;
  const user = users.includes('default') ? 'default' : (users[0] ?? '');
  const known = Object.entries(cells).filter(([name]) => Object.hasOwn(blank, name));
  const [test, setTest] = useState<BacktestView>();
  const watched = marketOf(cells, state.prices);
  // The test shows the market of a symbol that nobody watches yet.
  const market: MarketView | undefined = test?.market ?? watched;
  const last = market && pricesByMarket(state.prices).get(marketKeyOf(market))?.price;
  return (
    <>
      <div class="title">
        <h1>New alert</h1>
      </div>
      <ReadOnly sheet={state.sheet} />
      <div class={market === undefined ? 'single' : `split ${watched === undefined ? 'late' : ''}`}>
        {market !== undefined && (
          <ChartPanel key={marketKeyOf(market)} market={market} page={page} marks={noMarks} test={test} />
        )}
        <AlertForm
          state={state}
          row={{ ...blank, user, ...Object.fromEntries(known) }}
          isNew
          last={last}
          onTest={setTest}
          save={async (row) => {
            const answer = await edits.create(row);
            if (answer.ok) {
              say({ kind: 'done', text: [`Made in row ${answer.value.row}`, ...answer.value.notes].join('; ') });
              goTo(alertHash(answer.value.id));
            }
            return answer;
          }}
        />
      </div>
    </>
  );
}
