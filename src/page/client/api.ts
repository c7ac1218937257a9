import { err, ok, type Result } from '../../domain/result.js';
import type {
  CandleSpan,
  CandleView,
  Edited,
  MarketView,
  PageState,
  PriceView,
  Refused,
  RowEdit,
} from '../protocol.js';
import type { DoctorSection, FundingView, HistoryView, StatusView, WhyView } from '../protocol-views.js';

export type Answer<T> = Promise<Result<T, Refused>>;

export const isRefused = (body: unknown): body is Refused =>
  typeof body === 'object' && body !== null && typeof (body as Refused).message === 'string';

const unknownOutcome: Refused = {
  message: "the page's server did not answer, so nobody knows whether this was saved",
  remedy: 'look at the row when the server answers again',
};

export const noAnswer: Refused = {
  message: "the page's server did not answer",
  remedy: 'see whether "trading-alerts page" still runs',
};

/** Anything but a 200 with JSON is a refusal: nothing that fails looks saved. */
async function ask<T>(path: string, init: RequestInit, silence: Refused): Answer<T> {
  let response: Response;
  try {
    response = await fetch(path, { cache: 'no-store', ...init });
  } catch {
    return err(silence);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return ok(body as T);
  if (isRefused(body)) return err(body);
  return err({
    message: `the page's server answered ${response.status}, which this page does not expect`,
    remedy: 'reload the page',
  });
}

const read = <T>(path: string): Answer<T> => ask(path, {}, noAnswer);

/** Every write is JSON, a deletion too: the server takes nothing else from a page. */
const write = <T = Edited>(method: string, path: string, body: RowEdit): Answer<T> =>
  ask(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }, unknownOutcome);

const alertPath = (id: string): string => `/api/alerts/${encodeURIComponent(id)}`;

export const getState = (): Answer<PageState> => read('/api/state');
export const createAlert = (row: RowEdit): Answer<Edited> => write('POST', '/api/alerts', row);
export const changeAlert = (id: string, row: RowEdit): Answer<Edited> => write('PATCH', alertPath(id), row);
export const removeAlert = (id: string): Answer<Edited> => write('DELETE', alertPath(id), {});

export function getCandles({ exchange, kind, symbol }: MarketView, span: CandleSpan): Answer<readonly CandleView[]> {
  return read(`/api/candles?${new URLSearchParams({ exchange, kind, symbol, span })}`);
}

/** Armed afresh as the row stands, without a change of the sheet. */
export const rearmAlert = (id: string): Answer<Edited> => write('POST', `${alertPath(id)}/rearm`, {});

/** What waits to be sent is due at once. */
export const retryAlert = (id: string): Answer<Edited> => write('POST', `${alertPath(id)}/retry`, {});

/** Reads the sheet now. */
export const syncNow = (): Answer<PageState> => write('POST', '/api/sync', {});

/** Of one symbol on every exchange. */
export const getPrices = (symbol: string): Answer<readonly PriceView[]> =>
  read(`/api/prices?${new URLSearchParams({ symbol })}`);

export const getFunding = (symbol: string): Answer<readonly FundingView[]> =>
  read(`/api/funding?${new URLSearchParams({ symbol })}`);

export const getWhy = (id: string): Answer<WhyView> => read(`${alertPath(id)}/why`);

export const getHistory = (query: Readonly<Record<string, string>>): Answer<HistoryView> =>
  read(`/api/history?${new URLSearchParams(query)}`);

export const getStatus = (): Answer<StatusView> => read('/api/status');

/** It changes nothing, but takes a while. */
export const askDoctor = (): Answer<readonly DoctorSection[]> =>
  ask('/api/doctor', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }, noAnswer);
