import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { importPKCS8, SignJWT } from 'jose';
import { type Simulators, startSimulators } from '../../src/simulators/start.js';
import { at } from '../support/builders.js';

let simulators: Simulators;
beforeAll(async () => {
  simulators = await startSimulators({
    now: () => at('12:00'),
    users: ['default', 'dmitry', 'dmitry2', 'Дмитрий'],
    rows: [
      ['symbol', 'condition', 'price'],
      ['BTCUSDT', 'above', 95000],
    ],
  });
});
afterAll(() => simulators.close());

const address = (name: string) => simulators.environment[name] ?? '';

describe('the environment', () => {
  test('names loopback addresses, the sheet and the secret', () => {
    const loopback = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(simulators.environment).toMatchObject({
      BINANCE_BASE_URL: loopback,
      BINANCE_FUTURES_BASE_URL: loopback,
      BYBIT_BASE_URL: loopback,
      COINBASE_BASE_URL: loopback,
      COINBASE_EXCHANGE_BASE_URL: loopback,
      PUSHOVER_BASE_URL: loopback,
      TELEGRAM_BASE_URL: loopback,
      NTFY_BASE_URL: loopback,
      GOOGLE_SHEETS_BASE_URL: loopback,
      GOOGLE_TOKEN_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/token$/),
      AWS_ENDPOINT_URL_SECRETS_MANAGER: loopback,
      GOOGLE_SHEETS_SPREADSHEET_ID: 'simulated-spreadsheet',
      SHEET_TAB: 'Alerts',
      SECRET_ID: 'trading-alerts',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'simulated',
      AWS_SECRET_ACCESS_KEY: 'simulated',
    });
  });

  test('names no address that is not of this machine', () => {
    const addresses = Object.entries(simulators.environment).filter(([name]) => /_URL/.test(name));
    expect(addresses.filter(([, url]) => new URL(url).hostname !== '127.0.0.1')).toEqual([]);
  });

  test('leads to the same market at every exchange', async () => {
    const { market } = simulators;
    market.list('binance', 'BTCUSDT', { price: '1' });
    market.list('bybit', 'BTCUSDT', { price: '2' });
    market.list('coinbase', 'BTC-USD', { price: '3' });
    const bodies = await Promise.all(
      [
        `${address('BINANCE_BASE_URL')}/api/v3/ticker/price?symbol=BTCUSDT`,
        `${address('BYBIT_BASE_URL')}/v5/market/tickers?category=spot&symbol=BTCUSDT`,
        `${address('COINBASE_BASE_URL')}/api/v3/brokerage/market/products?product_ids=BTC-USD`,
        `${address('COINBASE_EXCHANGE_BASE_URL')}/products/BTC-USD/ticker`,
      ].map(async (url) => (await fetch(url)).json()),
    );
    expect(bodies).toMatchObject([
      { price: '1.00000000' },
      { result: { list: [{ lastPrice: '2' }] } },
      { products: [{ price: '3' }] },
      { price: '3' },
    ]);
    expect(simulators.exchangeRequestsAtOnce.most).toBeGreaterThanOrEqual(1);
    expect(simulators.traffic.bybit.requests).toHaveLength(1);
  });
});

describe('the secret', () => {
  test('opens Secrets Manager, Google and Pushover', async () => {
    const client = new SecretsManagerClient({
      endpoint: address('AWS_ENDPOINT_URL_SECRETS_MANAGER'),
      region: address('AWS_REGION'),
      credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    });
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: address('SECRET_ID') }));
    client.destroy();
    const secret = JSON.parse(SecretString);
    expect(secret).toEqual(simulators.secret);

    const { client_email, private_key } = secret.google_service_account;
    const assertion = await new SignJWT({ scope: 'https://www.googleapis.com/auth/spreadsheets.readonly' })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(client_email)
      .setAudience(address('GOOGLE_TOKEN_URL'))
      .setIssuedAt(1_000)
      .setExpirationTime(2_000)
      .sign(await importPKCS8(private_key, 'RS256'));
    const grant = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
    const token = await (await fetch(address('GOOGLE_TOKEN_URL'), { method: 'POST', body: grant })).json();
    const { access_token } = token as { access_token: string };
    const sheet = `${address('GOOGLE_SHEETS_BASE_URL')}/v4/spreadsheets/${address('GOOGLE_SHEETS_SPREADSHEET_ID')}`;
    const values = await fetch(`${sheet}/values/Alerts?valueRenderOption=UNFORMATTED_VALUE`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(await values.json()).toMatchObject({
      values: [
        ['symbol', 'condition', 'price'],
        ['BTCUSDT', 'above', 95000],
      ],
    });

    const push = { token: secret.pushover_api_token, user: secret.pushover_users.dmitry, message: 'hello' };
    const body = new URLSearchParams(push);
    expect((await fetch(`${address('PUSHOVER_BASE_URL')}/1/messages.json`, { method: 'POST', body })).status).toBe(200);
    expect(simulators.pushover.received).toMatchObject([{ receivedAt: at('12:00'), message: 'hello' }]);
    expect(simulators.pushover.resetsAt).toBe(Date.parse('2026-12-01T00:00:00Z') / 1_000);
  });

  test('has a key of its own for everybody, of thirty letters and digits that say what they are', () => {
    const keys = [simulators.secret.pushover_api_token, ...Object.values(simulators.secret.pushover_users)];
    expect(new Set(keys).size).toBe(5);
    for (const key of keys) expect(key).toMatch(/^fake[A-Za-z0-9]{26}$/);
  });
});

test('what is closed answers no more', async () => {
  const short = await startSimulators({ now: () => at('12:00') });
  await fetch(`${short.environment.BINANCE_BASE_URL}/api/v3/ping`);
  await short.close();
  await expect(fetch(`${short.environment.BINANCE_BASE_URL}/api/v3/ping`)).rejects.toThrow('fetch failed');
});
