import { GoogleSpreadsheet } from 'google-spreadsheet';
import { isHTTPError, isTimeoutError } from 'ky';
import type { EditProblem } from '../../domain/edit/problem.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { SheetError } from '../../flows/ports/sheet.js';
import { address } from '../address.js';
import { errorCode } from '../error-code.js';
import type { Http } from '../http.js';
import { SecretError } from '../secret-error.js';
import type { ServiceAccount } from '../service-account.js';
import { sheetFailure, writeFailure } from './google-failure.js';
import { createTokenSource, type GoogleScope } from './google-token.js';

export interface GoogleAccess {
  readonly spreadsheetId: string;
  /** Of the alerts; named where it is missing. */
  readonly tab: string;
  readonly baseUrl: string;
  readonly tokenUrl: string;
  /** Asked at every call, so that a new key counts in a warm Lambda. Undefined where the secret has none. */
  account(): Promise<ServiceAccount | undefined>;
  /** For the access token; the sheet itself is asked with google-spreadsheet's own client. */
  readonly http: Http;
  now(): number;
  /** For one attempt. */
  readonly timeoutMs?: number;
  /** Before the second attempt; before the third twice as long. */
  readonly pauseMs?: number;
  /** How often a read that failed is sent again; left out, twice. */
  readonly retries?: number;
  /** Whether there is time for one more attempt after one that had no answer in time. */
  readonly mayRepeat?: () => boolean;
}

type Query = readonly (readonly [name: string, value: string])[];

/** The text of an answer with status 200. Paths begin after the spreadsheet's id: `/values:batchUpdate`, `:batchUpdate`. */
export interface GoogleApi {
  /** Asked again at most twice where asking again is harmless. */
  get(path: string, query: Query): Promise<Result<string, SheetError>>;
  /** Sent once. An error of the kind `lost` says that nobody knows whether it took effect. */
  post(path: string, query: Query, body: object): Promise<Result<string, EditProblem | SheetError>>;
}

/** A 429 comes without Retry-After. https://developers.google.com/workspace/sheets/api/limits#exponential */
const passing = [429, 500, 502, 503, 504];

/** ky wraps what fetch throws, and fetch what the socket reports. */
function rootOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error && error.cause ? rootOf(error.cause) : error;
}

function silence(error: unknown, timeoutMs: number): string {
  const code = errorCode(rootOf(error));
  const lost = `the connection failed${code === undefined ? '' : ` (${code})`}`;
  return `Google Sheets did not answer: ${isTimeoutError(error) ? `no answer within ${timeoutMs} ms` : lost}`;
}

async function readAccount(account: GoogleAccess['account']): Promise<Result<ServiceAccount, SheetError>> {
  try {
    const found = await account();
    if (found !== undefined) return ok(found);
    const message = 'google_service_account is missing in the secret';
    const remedy = "add the client_email and private_key of the service account's key file";
    return err({ kind: 'bad-key', message, remedy });
  } catch (error) {
    if (error instanceof SecretError) return err({ kind: 'bad-key', ...error.problem });
    throw error;
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Long, because a read and a write differ in little: in how they are sent again, and in what no answer means. */
export function createGoogleApi(settings: GoogleAccess, scope: GoogleScope): GoogleApi {
  const { spreadsheetId, tab, timeoutMs = 10_000, pauseMs = 1_000, retries = 2, mayRepeat = () => true } = settings;
  const tokens = createTokenSource(settings, scope);

  /** `doc.sheetsApi` of google-spreadsheet, whose own calls cannot write several ranges, or cells by a mask. */
  function client(token: string) {
    const { sheetsApi } = new GoogleSpreadsheet(spreadsheetId, { token });
    return sheetsApi.extend({
      prefix: address(settings.baseUrl, '/v4/spreadsheets').href,
      timeout: timeoutMs,
      totalTimeout: (retries + 1) * timeoutMs,
    });
  }

  /** The failure of a connection is thrown. */
  async function send(method: 'get' | 'post', path: string, query: Query, token: string, json?: object) {
    const isRead = method === 'get';
    const options = {
      searchParams: new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])),
      ...(json !== undefined && { json }),
      throwHttpErrors: (status: number) => isRead && passing.includes(status),
      retry: {
        limit: isRead ? retries : 0,
        statusCodes: passing,
        afterStatusCodes: [],
        delay: (attempt: number) => pauseMs * 2 ** (attempt - 1),
        jitter: (delayMs: number) => delayMs * (1 + Math.random()),
        shouldRetry: ({ error, retryCount }: { error: Error; retryCount: number }) =>
          isTimeoutError(error) ? retryCount === 1 && mayRepeat() : undefined,
      },
    };
    const answer = client(token)[method](`${spreadsheetId}${path}`, options);
    const text = await answer.text();
    return { status: (await answer).status, text };
  }

  /** A token that was rejected is replaced once: what was asked with it has not been done. */
  async function authorized<E>(
    ask: (token: string) => Promise<Result<Answer, E | SheetError>>,
    failure: (answer: Answer, clientEmail: string) => E | SheetError,
  ): Promise<Result<string, E | SheetError>> {
    const account = await readAccount(settings.account);
    if (!account.ok) return account;
    for (let isSecond = false; ; isSecond = true) {
      const token = await tokens.get(account.value);
      if (!token.ok) return token;
      const answer = await ask(token.value);
      if (!answer.ok) return answer;
      const { status, text } = answer.value;
      if (status === 200) return ok(text);
      if (status === 401) tokens.drop();
      if (status !== 401 || isSecond) return err(failure(answer.value, account.value.client_email));
    }
  }

  return {
    get: (path, query) =>
      authorized<SheetError>(
        async (token) => {
          try {
            return ok(await send('get', path, query, token));
          } catch (error) {
            if (isHTTPError(error)) return ok({ status: error.response.status, text: '' });
            const remedy = 'the next run reads again';
            return err({ kind: 'unavailable', message: silence(error, timeoutMs), remedy });
          }
        },
        ({ status, text }, clientEmail) => sheetFailure(status, text, { tab, clientEmail }),
      ),
    post: (path, query, body) =>
      authorized<EditProblem | SheetError>(
        async (token) => {
          try {
            return ok(await send('post', path, query, token, body));
          } catch (error) {
            const remedy = 'look at the sheet, and try again';
            return err({ kind: 'lost', message: silence(error, timeoutMs), remedy });
          }
        },
        ({ status, text }, clientEmail) => writeFailure(status, text, { tab, clientEmail }),
      ),
  };
}
