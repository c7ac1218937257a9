import { answerTitles } from '../domain/answer-columns.js';
import { type Cell, headerName } from '../domain/columns.js';
import { cutText } from '../domain/cut-text.js';
import { minuteMs } from '../domain/time.js';
import { typedOf } from '../simulators/google/state.js';
import type { Simulators } from '../simulators/start.js';

/** What the rows ask for: every family of conditions, and seven rows that are wrong or have no price. */
export const demoRows: readonly (readonly Cell[])[] = [
  ['symbol', 'condition', 'price', 'user_id', 'exchange', 'active', 'repeat', 'priority', 'name', 'notes'],
  ['BTCUSDT', 'above', 95000, 'dmitry', '', true, '', '', 'Breakout', 'take a third off'],
  ['ETH-USD', 'below', 3100, '', 'coinbase', true, '', '', 'Dip', ''],
  ['SOLUSDT', 'выше', '182.50', 'anna', 'bybit', true, '', '', '', ''],
  ['PEPEUSDT', '<', 0.00001234, 'dmitry', '', true, '', '', '', 'eight digits, none lost'],
  ['ETHUSDT', 'above', 3000, 'anna', '', true, '', '', 'Already there', 'true when written: fires at once'],
  ['DOGEUSDT', 'below', 0.2, '', '', false, '', '', '', 'paused'],
  ['BTCUSDT', 'crosses down', 94000, 'dmitry', '', true, 'always', '', '', 'fires at each crossing'],
  ['XRPUSDT', 'enters', '2.00..2.10', 'anna', '', true, '', '', 'Buying zone', ''],
  ['XRPUSDT', 'falls', '5% in 30m', 'anna', '', true, '1h', 'high', 'Crash', ''],
  ['XRPUSDT', 'outside', '1.90..2.50', 'anna', '', true, '', '', '', 'still within'],
  ['LINKUSDT', 'falls from high', '3%', 'dmitry', '', true, '', '', 'Trailing stop', ''],
  ['LINKUSDT', 'rises', '4% in 15m', 'dmitry', '', true, '', '', '', ''],
  [],
  ['BTCUSDT', 'above', '95,000', 'dmitry', '', true, '', '', '', ''],
  ['BTCUSDT', 'reaches', 96000, 'dmitry', '', true, '', '', '', ''],
  ['XRPUSDT', 'rises', '5% a day', 'anna', '', true, '', '', '', ''],
  ['ETHUSDT', 'above', 3500, 'boris', '', true, '', '', '', ''],
  ['BTCUSDT', 'above', '95000.0', 'dmitry', '', true, '', '', '', 'the first row again'],
  ['LUNAUSDT', 'below', 1, 'anna', 'binance', true, '', '', '', 'delisted: its price is zero'],
  ['NOSUCHUSDT', 'above', 1, 'anna', '', true, '', '', '', ''],
];

/** The sheet of the demo, which has room for answers too. `more`: other columns without a word in them. */
export const demoSheet = (more: readonly string[] = []): Cell[][] =>
  demoRows.map((row, index) => (index === 0 ? [...row, ...more, ...answerTitles] : [...row]));

export interface Step {
  readonly title: string;
  /** Minutes since the check before. */
  readonly minutes: number;
  happen(simulators: Simulators): void;
}

const html403 = {
  status: 403,
  body: '<html><body><h1>403 ERROR</h1>The distribution is configured to block access from your country.</body></html>',
};

export function listMarkets({ market }: Simulators): void {
  market.list('binance', 'BTCUSDT', { price: '94210.50000000', high24h: '94600.00000000', low24h: '93050.10000000' });
  market.list('binance', 'ETHUSDT', { price: '3120.40000000', high24h: '3188.00000000', low24h: '3065.20000000' });
  market.list('binance', 'PEPEUSDT', { price: '0.00001251', high24h: '0.00001302', low24h: '0.00001240' });
  market.list('binance', 'DOGEUSDT', { price: '0.21230000', high24h: '0.22000000', low24h: '0.20900000' });
  market.list('binance', 'XRPUSDT', { price: '2.21000000', high24h: '2.26000000', low24h: '2.18000000' });
  market.list('binance', 'LINKUSDT', { price: '14.00000000', high24h: '14.30000000', low24h: '13.90000000' });
  market.list('binance', 'LUNAUSDT', { price: '0.00005000' });
  market.delist('binance', 'LUNAUSDT', Date.UTC(2022, 4, 13));
  market.list('bybit', 'BTCUSDT', { price: '94208.2', high24h: '94598.0', low24h: '93048.7' });
  market.list('bybit', 'SOLUSDT', { price: '180.11', high24h: '181.90', low24h: '176.02' });
  market.list('bybit', 'PEPEUSDT', { price: '0.00001251', high24h: '0.00001302', low24h: '0.00001240' });
  market.list('coinbase', 'ETH-USD', { price: '3119.87', high24h: '3187.11', low24h: '3101.02' });
}

/** Where the sheet's rows are while it is empty. */
const emptied = 'Emptied';

type Path = readonly (readonly [minutesAgo: number, price: string])[];

/** Trades at Binance since the check before. */
const trade = ({ market }: Simulators, symbol: string, path: Path): void =>
  market.move(
    'binance',
    symbol,
    path.map(([minutesAgo, price]) => ({ at: market.now() - minutesAgo * minuteMs, price })),
  );

/** What happens before each check. */
export const steps: readonly Step[] = [
  { title: 'The first check reads the sheet and arms the alerts', minutes: 0, happen: () => undefined },
  {
    title: 'Between two checks Bitcoin touched 95180 and fell back: a checker of last prices sees nothing',
    minutes: 5,
    happen: (simulators) =>
      trade(simulators, 'BTCUSDT', [
        [3, '95180.00000000'],
        [2, '94500.20000000'],
      ]),
  },
  {
    title: 'Ripple falls into the buying zone, and Chainlink makes a new high',
    minutes: 5,
    happen(simulators) {
      trade(simulators, 'XRPUSDT', [
        [4, '2.15000000'],
        [2, '2.08000000'],
      ]);
      trade(simulators, 'LINKUSDT', [
        [4, '14.30000000'],
        [2, '14.60000000'],
        [1, '14.50000000'],
      ]);
    },
  },
  {
    title: 'Chainlink stands three percent below its high, and Bitcoin goes through 94000 and back',
    minutes: 5,
    happen(simulators) {
      trade(simulators, 'LINKUSDT', [[2, '14.16000000']]);
      trade(simulators, 'BTCUSDT', [
        [3, '93950.00000000'],
        [2, '94120.00000000'],
      ]);
    },
  },
  {
    title: 'Bitcoin falls through 94000 once more: that row says `always`',
    minutes: 5,
    happen: (simulators) => trade(simulators, 'BTCUSDT', [[2, '93980.00000000']]),
  },
  {
    title: 'Bybit blocks this region with an HTML page, and Solana is asked for at Binance',
    minutes: 5,
    happen: ({ market, traffic }) => {
      traffic.bybit.fault = () => ({ outcome: html403 });
      market.list('binance', 'SOLUSDT', { price: '182.50000000' });
    },
  },
  {
    title: 'Pushover answers 500 while Pepe falls: the push is kept',
    minutes: 5,
    happen: ({ market, traffic }) => {
      traffic.bybit.fault = () => undefined;
      traffic.pushover.fault = () => ({ outcome: { status: 500, body: { status: 0, errors: ['internal error'] } } });
      market.setPrice('binance', 'PEPEUSDT', '0.00001234');
      market.setPrice('bybit', 'PEPEUSDT', '0.00001235');
    },
  },
  {
    title: 'Pushover is back: the push is sent, and says that it may be a repeat',
    minutes: 5,
    happen: ({ traffic }) => {
      traffic.pushover.fault = () => undefined;
    },
  },
  {
    title: 'The sheet arrives empty, and Ether falls: nothing expires, the alert fires',
    minutes: 5,
    happen: ({ market, google }) => {
      google.tabs.set(emptied, google.tabs.get('Alerts') ?? []);
      google.tabs.set('Alerts', [[...(demoRows[0] ?? [])]]);
      market.setPrice('coinbase', 'ETH-USD', '3098.15');
    },
  },
  {
    title: 'The sheet is back, and answers beside its rows',
    minutes: 5,
    happen: ({ google }) => {
      google.tabs.set('Alerts', google.tabs.get(emptied) ?? []);
      google.tabs.delete(emptied);
    },
  },
];

/** Some of every kind, by what they ask for. */
const answered = [2, 3, 5, 7, 8, 11, 15, 16, 19, 20, 21];

/** What a trader sees at the right of these rows. */
export function answersShown({ google }: Simulators): string[][] {
  const rows = (google.tabs.get('Alerts') ?? []).map((row) => row.map(typedOf));
  const header = rows[0]?.map(headerName) ?? [];
  const columns = ['symbol', 'condition', 'price', 'status', 'last price', 'distance', 'answer'].map((title) => ({
    title,
    place: header.indexOf(headerName(title)),
  }));
  const lines = answered.map((row) => [
    String(row),
    ...columns.map(({ place }) => cutText(String(rows[row - 1]?.[place] ?? ''), 60)),
  ]);
  return [['row', ...columns.map(({ title }) => title)], ...lines];
}
