import { expect, test } from '@jest/globals';
import { leaked } from '../../support/fake-secret.js';
import { openTestPage } from '../../support/page.js';

const json = { 'content-type': 'application/json' };

test('no answer of any route holds a secret, whatever went wrong', async () => {
  const page = await openTestPage('symbol,condition,price,user_id,id\nBTCUSDT,above,94000,dmitry,btc\n');
  try {
    const { secret, traffic } = page.simulators;
    const keys = [
      secret.pushover_api_token,
      ...Object.values(secret.pushover_users),
      secret.google_service_account.private_key,
    ];
    // A key in the place of a name, and a channel that quotes the request in its refusal.
    await page.writeCsv(`${await page.csv()}ETHUSDT,above,1,${secret.pushover_users.dmitry},eth\n`);
    traffic.pushover.fault = ({ body }) => ({ outcome: { status: 500, body } });
    await page.check();
    const texts: string[] = [];
    const ask = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(`${page.url}${path}`, init);
      texts.push(JSON.stringify([...response.headers]), await response.text());
    };
    for (const path of [
      '/',
      '/api/state',
      '/api/prices',
      '/api/prices?symbol=BTCUSDT',
      '/nothing',
      '/api/candles?span=1m',
      '/metrics',
      '/api/history',
      `/api/history?user=${secret.pushover_users.dmitry}&from=x`,
      '/api/alerts/btc/why',
      `/api/alerts/${secret.pushover_users.dmitry}/why`,
      '/api/funding?symbol=BTCUSDT',
      `/api/funding?symbol=${secret.pushover_users.dmitry}`,
      '/api/status',
    ])
      await ask(path);
    for (const path of [
      '/api/alerts',
      '/api/backtest',
      '/api/doctor',
      '/api/sync',
      '/api/alerts/btc/rearm',
      '/api/alerts/btc/retry',
    ]) {
      await ask(path, { method: 'POST', headers: json, body: JSON.stringify({ user: secret.pushover_users.dmitry }) });
    }
    await ask('/api/alerts/btc', {
      method: 'PATCH',
      headers: json,
      body: JSON.stringify({ user: secret.pushover_users.dmitry }),
    });
    await ask('/api/alerts/eth', { method: 'DELETE', headers: json, body: '{}' });
    const onlooker = await page.look();
    texts.push(JSON.stringify(await onlooker.until(() => true)));
    onlooker.leave();
    expect(texts.join('')).toContain('got what looks like a key');
    expect(texts.join('')).toContain('"state":"sending"');
    expect(leaked(texts, keys)).toEqual([]);
    expect(leaked(page.faults, keys)).toEqual([]);
  } finally {
    await page.close();
  }
});
