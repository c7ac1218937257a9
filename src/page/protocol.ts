/** What the page and its server say to each other. JSON; instants in ms since 1970, prices as the exchange's own text. */

export type AlertState = 'armed' | 'sending' | 'fired' | 'paused' | 'over' | 'waits';

/** An alert as the store has it. */
export interface AlertView {
  readonly id: string;
  /** Of the sheet, where the row was found by the last sync; undefined where it has gone. */
  readonly row: number | undefined;
  readonly symbol: string;
  readonly condition: string;
  /** As the row has it. */
  readonly target: string;
  readonly user: string;
  /** As the row names it; blank where it does not. */
  readonly exchange: string;
  readonly name: string;
  readonly notes: string;
  readonly repeat: string;
  readonly expires: string;
  readonly priority: string;
  readonly notify: string;
  readonly active: boolean;
  readonly state: AlertState;
  /** In plain words where the state alone does not say it: `waits until 15:03 UTC, repeat 1h`. */
  readonly stateText: string;
  readonly firedAt: number | undefined;
  readonly times: number;
  /** Prices that a line of the chart stands at: one for a level, two for a band, where it is now for a trail. */
  readonly lines: readonly string[];
  /** The market that answers for it; undefined before the first price. */
  readonly market: MarketView | undefined;
}

export interface MarketView {
  readonly exchange: string;
  readonly kind: 'spot' | 'perpetual';
  readonly symbol: string;
}

export interface RowError {
  readonly row: number;
  readonly message: string;
}

export interface PriceView extends MarketView {
  /** `binance:BTCUSDT`, by which alerts find their price. */
  readonly key: string;
  readonly price: string | undefined;
  /** Why there is none. */
  readonly problem: string | undefined;
  readonly at: number;
}

/** `GET /api/state`; also the `state` event of `GET /api/events`. */
export interface PageState {
  readonly now: number;
  readonly timeZone: string;
  readonly sheet: {
    readonly kind: 'csv' | 'google';
    readonly name: string;
    /** Undefined where rows can be edited, else what to do so that they can. */
    readonly readOnly: string | undefined;
    readonly rowErrors: readonly RowError[];
  };
  readonly alerts: readonly AlertView[];
  readonly prices: readonly PriceView[];
  readonly lastCheck: { readonly at: number; readonly line: string } | undefined;
  readonly conditions: readonly { readonly name: string; readonly example: string }[];
  readonly exchanges: readonly string[];
  readonly users: readonly string[];
  /** Every channel that a row may name; left out, only the server can tell whether one is none. */
  readonly channels?: readonly string[];
  /** By user, those for which there is a key; left out where nobody knows. */
  readonly userChannels?: Readonly<Record<string, readonly string[]>>;
  /** Whether the doctor can be asked. */
  readonly hasDoctor: boolean;
}

/** The columns of a row by their names; a blank empties the cell. `POST /api/alerts`, `PATCH /api/alerts/:id`. */
export type RowEdit = Readonly<Record<string, string>>;

/** `POST /api/alerts`, `PATCH /api/alerts/:id`, `DELETE /api/alerts/:id` answer 200 with it once row and store have it. */
export interface Edited {
  readonly id: string;
  readonly row: number;
  readonly notes: readonly string[];
}

/** Every other status than 200: what was wrong, and what to do. */
export interface Refused {
  readonly message: string;
  readonly remedy: string | undefined;
  /** The column whose cell is wrong. */
  readonly column?: string;
}

/** `GET /api/candles?exchange=&kind=&symbol=&span=1m|15m|1h|4h|1d`: oldest first, at most 500. */
export interface CandleView {
  readonly openAt: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
}
export const candleSpans = ['1m', '15m', '1h', '4h', '1d'] as const;
export type CandleSpan = (typeof candleSpans)[number];
