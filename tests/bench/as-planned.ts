import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { GoogleSpreadsheet, type GoogleSpreadsheetRow } from 'google-spreadsheet';
import { importPKCS8, SignJWT } from 'jose';
import pLimit from 'p-limit';

/**
 * The plan that this project started from, step by step and tidily written: the yardstick of the bench.
 * 1. `loadInfo`, the header and the rows of the sheet, one after another.
 * 2. The stored alerts, and every alert of the sheet put again, all in parallel.
 * 3. One price request for each pending alert, ten at a time.
 * 4. A push for each touched alert, one after another, and its status.
 * Clients and the token are kept between invocations, as a Lambda should.
 */

export interface PlannedAlert {
  readonly id: string;
  readonly entity_type: 'alert';
  readonly name: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly condition: string;
  readonly target_price: number;
  readonly status: string;
  readonly active: boolean;
  readonly created_at: string;
  readonly triggered_count: number;
  readonly user_id: string;
  readonly notes: string;
}

const { env } = process;
const required = (name: string): string => {
  const value = env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

const tableName = 'trading-alerts';
const documents = DynamoDBDocumentClient.from(
  // Thousands of puts wait for its fifty connections; it need not say so.
  new DynamoDBClient({ maxAttempts: 6, requestHandler: { socketAcquisitionWarningTimeout: 600_000 } }),
);

let token: { readonly text: string; readonly endsAt: number } | undefined;

/** What google-auth-library does: a signed request for a token, which is kept until it ends. */
async function accessToken(): Promise<string> {
  if (token !== undefined && Date.now() < token.endsAt) return token.text;
  const issuedAt = Math.floor(Date.now() / 1000);
  const assertion = await new SignJWT({ scope: 'https://www.googleapis.com/auth/spreadsheets' })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(required('GOOGLE_SERVICE_ACCOUNT_EMAIL'))
    .setAudience('https://oauth2.googleapis.com/token')
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + 3600)
    .sign(await importPKCS8(required('GOOGLE_PRIVATE_KEY'), 'RS256'));
  const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
  const answer = await fetch(required('GOOGLE_TOKEN_URL'), { method: 'POST', body });
  const { access_token, expires_in } = (await answer.json()) as { access_token: string; expires_in: number };
  token = { text: access_token, endsAt: Date.now() + (expires_in - 60) * 1000 };
  return access_token;
}

async function readRows(): Promise<readonly GoogleSpreadsheetRow[]> {
  const id = required('GOOGLE_SHEETS_SPREADSHEET_ID');
  const document = new GoogleSpreadsheet(id, {
    getRequestHeaders: async () => ({ authorization: `Bearer ${await accessToken()}` }),
  });
  const prefix = `${required('GOOGLE_SHEETS_BASE_URL')}/v4/spreadsheets/${id}`;
  Object.assign(document, { sheetsApi: document.sheetsApi.extend({ prefix }) });
  await document.loadInfo();
  const sheet = document.sheetsByTitle[required('SHEET_TAB')];
  if (sheet === undefined) throw new Error('there is no such tab');
  await sheet.loadHeaderRow();
  return sheet.getRows();
}

/** Also how the bench fills the table with what an earlier run has stored. */
export function alertOf(cell: (column: string) => string): PlannedAlert {
  const [symbol = '', condition = '', price = '', user = ''] = ['symbol', 'condition', 'price', 'user_id'].map(cell);
  const exchange = cell('exchange') || 'binance';
  return {
    id: [user, exchange, symbol, condition, price].join('-'),
    entity_type: 'alert',
    name: cell('name'),
    exchange,
    symbol,
    condition,
    target_price: Number(price),
    status: 'pending',
    active: cell('active') !== 'FALSE',
    created_at: new Date().toISOString(),
    triggered_count: 0,
    user_id: user,
    notes: cell('notes'),
  };
}

async function storedAlerts(): Promise<ReadonlyMap<string, PlannedAlert>> {
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: tableName,
      IndexName: 'entity_type-index',
      KeyConditionExpression: 'entity_type = :alert',
      ExpressionAttributeValues: { ':alert': 'alert' },
    },
  );
  const alerts = new Map<string, PlannedAlert>();
  for await (const { Items = [] } of pages) for (const item of Items) alerts.set(item.id, item as PlannedAlert);
  return alerts;
}

async function syncAlerts(): Promise<readonly PlannedAlert[]> {
  const rows = await readRows();
  const stored = await storedAlerts();
  const alerts = rows.map((row): PlannedAlert => {
    const alert = alertOf((column) => row.get(column) ?? '');
    const known = stored.get(alert.id);
    if (known === undefined) return alert;
    const { status, created_at, triggered_count } = known;
    return { ...alert, status, created_at, triggered_count };
  });
  await Promise.all(alerts.map((Item) => documents.send(new PutCommand({ TableName: tableName, Item }))));
  return alerts;
}

/** Where each exchange gives one price, and where it stands in the answer. */
const lastPrices: Readonly<Record<string, { url(symbol: string): string; price(body: never): string | undefined }>> = {
  binance: {
    url: (symbol) => `${required('BINANCE_BASE_URL')}/api/v3/ticker/price?symbol=${symbol}`,
    price: (body: { price?: string }) => body.price,
  },
  bybit: {
    url: (symbol) => `${required('BYBIT_BASE_URL')}/v5/market/tickers?category=spot&symbol=${symbol}`,
    price: (body: { result?: { list?: { lastPrice: string }[] } }) => body.result?.list?.[0]?.lastPrice,
  },
  coinbase: {
    url: (symbol) => `${required('COINBASE_EXCHANGE_BASE_URL')}/products/${symbol}/ticker`,
    price: (body: { price?: string }) => body.price,
  },
};

async function lastPrice({ exchange, symbol }: PlannedAlert): Promise<number | undefined> {
  const source = lastPrices[exchange];
  if (source === undefined) return undefined;
  const answer = await fetch(source.url(symbol));
  const price = Number(source.price((await answer.json()) as never));
  return answer.ok && price > 0 ? price : undefined;
}

const isTouched = ({ condition, target_price }: PlannedAlert, price: number): boolean =>
  condition === 'above' ? price >= target_price : price <= target_price;

async function push(alert: PlannedAlert, price: number): Promise<boolean> {
  const body = new URLSearchParams({
    token: required('PUSHOVER_API_TOKEN'),
    user: required('PUSHOVER_USER_KEY'),
    title: `${alert.symbol} ${alert.condition} ${alert.target_price}`,
    message: `${alert.name || alert.symbol}: now ${price}\n${alert.notes}`,
  });
  const answer = await fetch(`${required('PUSHOVER_BASE_URL')}/1/messages.json`, { method: 'POST', body });
  return ((await answer.json()) as { status: number }).status === 1;
}

async function markTriggered({ id, triggered_count }: PlannedAlert): Promise<void> {
  const update = new UpdateCommand({
    TableName: tableName,
    Key: { id },
    UpdateExpression: 'SET #status = :status, triggered_at = :at, triggered_count = :count',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ':status': 'triggered',
      ':at': new Date().toISOString(),
      ':count': triggered_count + 1,
    },
  });
  await documents.send(update);
}

export async function handler(): Promise<{ checked: number; fired: number; problems: readonly string[] }> {
  const alerts = await syncAlerts();
  const pending = alerts.filter(({ active, status }) => active && status === 'pending');
  const limit = pLimit(10);
  const prices = await Promise.all(pending.map((alert) => limit(() => lastPrice(alert))));
  let fired = 0;
  for (const [index, alert] of pending.entries()) {
    const price = prices[index];
    if (price === undefined || !isTouched(alert, price) || !(await push(alert, price))) continue;
    await markTriggered(alert);
    fired += 1;
  }
  return { checked: prices.filter((price) => price !== undefined).length, fired, problems: [] };
}
