import { tabFields } from '../../../src/adapters/sheet/google-grid.js';
import type { ExchangeName } from '../../../src/domain/market.js';
import { exchangeHosts } from '../../../src/simulators/exchange-hosts.js';
import { createTraffic } from '../../../src/simulators/faults.js';
import { googleSimulator } from '../../../src/simulators/google/google.js';
import { pushoverSimulator } from '../../../src/simulators/pushover.js';
import { secretsManagerSimulator } from '../../../src/simulators/secrets-manager.js';
import { startSimulators } from '../../../src/simulators/start.js';
import { startQueue } from '../../support/queue.js';
import type { Case, Mood } from '../cases.js';
import { answerParent } from '../child.js';
import { latencyMs } from '../latencies.js';
import { checkpointItem, plannedItems, rowsOf, storedItems } from '../stage.js';
import { marketsInUse } from '../staged-markets.js';
import { type KeptApp, keepAnswers } from './kept-answers.js';
import { countLimits, type Used } from './limits.js';
import { type Asked, serve } from './serve.js';
import { stageMarket } from './stage-market.js';
import { createStore } from './store.js';

/** What the services saw since the last arrangement. */
export interface Counts {
  readonly requests: Readonly<Record<string, number>>;
  readonly read: number;
  readonly write: number;
  readonly limits: Readonly<Record<string, Used>>;
  /** Of the alerts that are listed. */
  readonly listed: { readonly bytes: number; readonly pages: number };
  readonly committed: number;
}

/** A real queue, behind its latency. */
export interface OpenedQueue {
  readonly queueUrl: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Opened {
  readonly environment: Readonly<Record<string, string>>;
  readonly listed: Counts['listed'];
  readonly exchangesInUse: number;
}

export type Asking = { readonly open: Omit<Case, 'mood' | 'isCold'> } | { readonly arrange: Mood } | 'count' | 'queue';

const authorization = 'Bearer bench';

function kindOf({ url }: Asked): 'candles' | 'ranges' | 'prices' {
  if (/kline|candles/.test(url)) return 'candles';
  return /^\/products\/stats|^\/api\/v3\/ticker\?/.test(url) ? 'ranges' : 'prices';
}
const isToken = ({ url }: Asked): boolean => url === '/token';

/** The lists that are too long to be made within a latency. */
const bulkPaths: Readonly<Record<string, string>> = {
  BINANCE_BASE_URL: '/api/v3/ticker/24hr?type=MINI',
  BYBIT_BASE_URL: '/v5/market/tickers?category=spot',
  COINBASE_BASE_URL: '/api/v3/brokerage/market/products',
  COINBASE_EXCHANGE_BASE_URL: '/products/stats',
};

/** Every outside service with the fixed latencies, in a process of its own. */
async function open({ program, alerts, markets, asks }: Omit<Case, 'mood' | 'isCold'>) {
  const rows = rowsOf({ alerts, markets, asks });
  const simulators = await startSimulators({ now: Date.now, rows });
  const { market, google, pushover } = simulators;
  google.tokens.set(authorization.slice(7), 'https://www.googleapis.com/auth/spreadsheets');

  const requests = new Map<string, number>();
  const count = (what: string) => requests.set(what, (requests.get(what) ?? 0) + 1);
  const front = async (app: KeptApp, nameOf: (asked: Asked) => string, delayMs: (asked: Asked) => number) => {
    const answers = keepAnswers(app);
    const { url } = await serve((asked) => {
      count(nameOf(asked));
      return answers.answer(asked);
    }, delayMs);
    return { url, answers };
  };
  const limits = countLimits(Date.now);
  const exchange = (name: ExchangeName, app: KeptApp) =>
    front(
      app,
      (asked) => {
        limits.note(name, asked);
        return `${name} ${kindOf(asked)}`;
      },
      () => latencyMs.exchange,
    );
  const served = await Promise.all(
    exchangeHosts.map(async ({ exchange: name, variable, simulate }) => {
      return { variable, ...(await exchange(name, simulate(market, createTraffic()))) };
    }),
  );
  const sheet = await front(
    googleSimulator(google, createTraffic()),
    (asked) => (isToken(asked) ? 'token' : 'sheet'),
    (asked) => (isToken(asked) ? latencyMs.token : latencyMs.sheet),
  );
  const notifier = await front(
    pushoverSimulator(pushover, createTraffic(), Date.now),
    () => 'pushover',
    () => latencyMs.push,
  );
  const secrets = await front(
    secretsManagerSimulator(simulators.secrets, createTraffic(), Date.now),
    () => 'secret',
    () => latencyMs.secret,
  );
  const store = createStore(program === 'as-planned' ? plannedItems(rows) : storedItems(rows, markets, Date.now()));
  const table = await serve(
    ({ headers, body }) => {
      const operation = (headers['x-amz-target'] ?? '').split('.').at(-1) ?? '';
      count(`DynamoDB ${operation}`);
      return { type: 'application/x-amz-json-1.0', ...store.answer(operation, JSON.parse(body)) };
    },
    () => latencyMs.dynamodb,
  );

  const environment = {
    ...simulators.environment,
    ...Object.fromEntries(served.map(({ variable, url }) => [variable, url])),
    GOOGLE_SHEETS_BASE_URL: sheet.url,
    GOOGLE_TOKEN_URL: `${sheet.url}/token`,
    PUSHOVER_BASE_URL: notifier.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    AWS_ENDPOINT_URL_DYNAMODB: table.url,
    // The plan keeps its keys in the environment.
    GOOGLE_SERVICE_ACCOUNT_EMAIL: simulators.secret.google_service_account.client_email,
    GOOGLE_PRIVATE_KEY: simulators.secret.google_service_account.private_key,
    PUSHOVER_API_TOKEN: simulators.secret.pushover_api_token,
    PUSHOVER_USER_KEY: simulators.secret.pushover_users.default ?? '',
    BENCH_MARKETS: JSON.stringify(
      marketsInUse(markets).map(({ exchange: name, symbol }) => ({ exchange: name, symbol })),
    ),
  };

  /** Asked once before it is measured, so that every answer is ready within its latency. */
  const prepare = async () => {
    const get = (url: string): Asked => ({ method: 'GET', url, headers: { authorization }, body: '' });
    const values = `/v4/spreadsheets/${google.spreadsheetId}/values/${encodeURIComponent("'Alerts'")}`;
    const how = '?valueRenderOption=UNFORMATTED_VALUE&dateTimeRenderOption=FORMATTED_STRING';
    await sheet.answers.answer(get(`${values}${how}`));
    if (asks === 'answered') {
      const again = new URLSearchParams({ ranges: "'Alerts'", fields: tabFields });
      await sheet.answers.answer(get(`/v4/spreadsheets/${google.spreadsheetId}?${again}`));
    }
    for (const { variable, answers } of served) {
      const path = bulkPaths[variable];
      if (path !== undefined) await answers.answer(get(path));
    }
  };

  let staged: Mood | undefined;
  const arrange = async (mood: Mood): Promise<void> => {
    // A quiet market stays as it is; what is touched has to be touched since the last check.
    if (staged !== mood || mood !== 'quiet') {
      stageMarket(market, { alerts, markets, asks, mood });
      for (const { answers } of served) answers.forget();
      staged = mood;
    }
    store.reset(program === 'as-planned' ? [] : [checkpointItem(Date.now())]);
    store.listing();
    await prepare();
    pushover.remaining = pushover.limit;
    pushover.received.length = 0;
    requests.clear();
    limits.clear();
  };

  const counts = (): Counts => ({
    requests: Object.fromEntries(requests),
    ...store.units,
    limits: limits.used(),
    listed: store.listing(),
    committed: store.committed(),
  });

  const openQueue = async (): Promise<OpenedQueue> => {
    const { endpoint, queueUrl } = await startQueue();
    const { url } = await serve(
      async ({ method, url: path, headers, body }) => {
        count('queue');
        const { 'x-amz-target': target = '', 'content-type': type = '' } = headers;
        const asked = { method, headers: { 'x-amz-target': target, 'content-type': type }, body };
        const answer = await fetch(new URL(path, endpoint), asked);
        return { status: answer.status, type: answer.headers.get('content-type') ?? '', body: await answer.text() };
      },
      () => latencyMs.queue,
    );
    return { queueUrl, environment: { SQS_QUEUE_URL: queueUrl, AWS_ENDPOINT_URL_SQS: url } };
  };

  const opened: Opened = {
    environment,
    listed: store.listing(),
    exchangesInUse: new Set(marketsInUse(markets).map((each) => each.exchange)).size,
  };
  return { opened, arrange, counts, openQueue };
}

let world: Awaited<ReturnType<typeof open>> | undefined;

answerParent<Asking>(async (asking) => {
  if (typeof asking === 'object' && 'open' in asking) {
    world = await open(asking.open);
    return world.opened;
  }
  if (asking === 'count') return world?.counts();
  if (asking === 'queue') return world?.openQueue();
  await world?.arrange(asking.arrange);
  return undefined;
});
