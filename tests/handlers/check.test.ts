import { beforeEach, describe, expect, test } from '@jest/globals';
import { trafficOfExchanges } from '../support/every-exchange.js';
import { oneForEach } from '../support/lifetime.js';
import { alertsTold, createWorld, minuteMs, received, type World } from '../support/world.js';

const world = oneForEach(() => createWorld());
beforeEach(() => {
  const { market } = world.simulators;
  market.list('binance', 'BTCUSDT', { price: '94000.00000000' });
  market.list('binance', 'ETHUSDT', { price: '3000.00000000' });
  market.list('bybit', 'BTCUSDT', { price: '94001.5' });
  market.list('coinbase', 'BTC-USDT', { price: '94002.25' });
  market.list('coinbase', 'ETH-USD', { price: '2999.99' });
});

const outcomes = (summary: Awaited<ReturnType<World['check']>>) =>
  summary.fired.map(({ symbol, exchange, outcome }) => `${exchange} ${symbol} ${outcome}`);

describe('a check', () => {
  test('answers the contract, and pushes what was touched', async () => {
    world.rows(
      ['BTCUSDT', 'above', 94000, 'dmitry'],
      ['ETH-USD', 'below', '2500', '', 'coinbase'],
      ['ETHUSDT', '>', '1e5'],
    );
    const summary = await world.check();
    expect(summary).toEqual({
      runId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      startedAt: '2026-01-15T12:00:00.000Z',
      durationMs: 0,
      dryRun: false,
      sheet: {
        status: 'ok',
        rows: 3,
        rowErrors: [{ row: 4, message: expect.stringContaining('price: expected a plain number, got "1e5"') }],
        warnings: [],
      },
      alerts: { pending: 1, notifying: 0, triggered: 1, expired: 0, paused: 0 },
      armed: 2,
      undelivered: { count: 0, oldestSeconds: 0 },
      markets: { checked: 2, failed: [] },
      exchanges: [
        { exchange: 'binance', state: 'up' },
        { exchange: 'coinbase', state: 'up' },
      ],
      fired: [
        {
          alertId: expect.stringMatching(/^[0-9a-f]{20}$/),
          symbol: 'BTCUSDT',
          exchange: 'binance',
          condition: 'above',
          targetPrice: '94000',
          price: '94000.00000000',
          touchedAt: '2026-01-15T12:00:00.000Z',
          outcome: 'accepted',
          channels: [{ channel: 'pushover', outcome: 'accepted' }],
        },
      ],
      requests: {
        binance: { sent: 1, failed: 0, meanMs: 0, longestMs: 0 },
        coinbase: { sent: 2, failed: 0, meanMs: 0, longestMs: 0 },
      },
      untold: [],
      silent: { 'not-touched': 1 },
      left: { rows: 0, markets: 0, pushes: 0 },
      problems: [],
      advice: [],
    });
    expect(received(world)).toEqual([
      {
        user: 'dmitry',
        title: 'BTCUSDT above 94000',
        text: 'touched 94000.00 at 12:00 UTC, now 94000.00\nbinance:BTCUSDT',
      },
      {
        user: 'default',
        title: 'Row 4 of the sheet is wrong',
        text: expect.stringMatching(/^Row 4: price: expected a plain number, got "1e5"/),
      },
    ]);
    expect(world.log).toEqual([
      { level: 'debug', message: 'silent', fields: expect.objectContaining({ reason: 'not-touched' }) },
      { level: 'info', message: 'check', fields: summary },
    ]);
  });

  test('run twice pushes once', async () => {
    world.rows(['BTCUSDT', 'above', 90000, 'dmitry']);
    await world.check();
    world.pass(5 * minuteMs);
    const second = await world.check();
    expect(second.fired).toEqual([]);
    expect(received(world)).toHaveLength(1);
  });

  test('run by two instances at the same moment pushes once', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => ['BTCUSDT', 'above', 90000 + index, 'dmitry']);
    world.rows(...rows);
    const [one, other] = [world.handler(), world.handler()];
    const summaries = await Promise.all([one(), other()]);
    expect(alertsTold(world).sort()).toEqual(rows.map(([, , price]) => `BTCUSDT above ${price}`).sort());
    expect(summaries.flatMap(outcomes)).toEqual(Array(20).fill('binance BTCUSDT accepted'));
  });

  test('a dry run writes nothing and pushes nothing', async () => {
    world.rows(['BTCUSDT', 'above', 90000, 'dmitry']);
    const summary = await world.check({ dryRun: true });
    expect(outcomes(summary)).toEqual(['binance BTCUSDT dry-run']);
    expect(summary.dryRun).toBe(true);
    expect(new Set(world.operations)).toEqual(new Set(['Query', 'GetItem']));
    expect(received(world)).toEqual([]);
  });

  test('an event that is wrong about the dry run does nothing', async () => {
    await expect(world.check({ dryRun: 'yes' })).rejects.toThrow(
      'the event is not right: expected "dryRun" to be true or false',
    );
    expect(world.operations).toEqual([]);
  });

  test('with nothing changed in the sheet writes nothing but its checkpoint and its summary, and reads the sheet once', async () => {
    world.rows(['BTCUSDT', 'above', 99000, 'dmitry'], ['ETH-USD', 'below', 2500]);
    await world.check();
    world.operations.length = 0;
    const { google } = world.simulators.traffic;
    google.requests.length = 0;
    world.pass(5 * minuteMs);
    await world.check();
    expect(world.operations.toSorted()).toEqual(['GetItem', 'PutItem', 'PutItem', 'Query']);
    expect(google.requests.map(({ path }) => path)).toEqual([expect.stringContaining('/values/')]);
  });

  test('asks each exchange in use once, and at most ten at a time', async () => {
    world.rows(
      ['BTCUSDT', 'above', 99000],
      ['BTCUSDT', 'below', 1],
      ['ETHUSDT', 'above', 9000],
      ['ETH-USD', 'below', 1, '', 'coinbase'],
    );
    await world.check();
    const { binance, bybit, coinbase } = world.simulators.traffic;
    expect([binance, bybit, coinbase].map(({ requests }) => requests.length)).toEqual([1, 0, 1]);
    expect(world.simulators.exchangeRequestsAtOnce.most).toBeLessThanOrEqual(10);
  });
});

describe('the sheet', () => {
  test('row order, notes and blank lines change nothing', async () => {
    world.rows(['BTCUSDT', 'above', 99000, 'dmitry'], ['ETHUSDT', 'below', 100, 'anna']);
    await world.check();
    const before = await world.store.list();
    world.rows([], ['ETHUSDT', 'below', '100.0', 'anna'], [], [' btcusdt ', '>=', '99000.00', 'dmitry']);
    world.pass(minuteMs);
    await world.check();
    const after = await world.store.list();
    const facts = ({ alerts }: typeof before) => alerts.map(({ id, status, armedAt }) => ({ id, status, armedAt }));
    expect(facts(after)).toEqual(facts(before));
  });

  test('a changed price arms a new alert, and the old one expires', async () => {
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry']);
    await world.check();
    world.rows(['BTCUSDT', 'above', 93000, 'dmitry']);
    const summary = await world.check();
    expect(outcomes(summary)).toEqual(['binance BTCUSDT accepted']);
    expect(summary.alerts).toMatchObject({ expired: 1, triggered: 1, pending: 0 });
  });

  test('FALSE pauses, and FALSE to TRUE arms again what had fired', async () => {
    const row = (active: boolean) => ['BTCUSDT', 'above', 93000, 'dmitry', '', active];
    world.rows(row(true));
    await world.check();
    world.rows(row(false));
    await world.check();
    expect(received(world)).toHaveLength(1);
    world.rows(row(true));
    expect(outcomes(await world.check())).toEqual(['binance BTCUSDT accepted']);
    expect((await world.store.list()).alerts).toMatchObject([{ status: 'triggered', triggeredCount: 2 }]);
  });

  const tab = (...rows: string[][]) => world.simulators.google.tabs.set('Alerts', rows);

  test.each<[what: string, status: string, spoil: () => unknown]>([
    ['unreadable', 'unavailable', () => Object.assign(world.simulators.google, { access: 'not-shared' })],
    ['without its tab', 'unavailable', () => world.simulators.google.tabs.clear()],
    ['empty', 'refused', () => tab()],
    ['without its rows', 'refused', () => world.rows()],
    ['half gone', 'refused', () => world.rows(...manyRows.slice(0, 10))],
    ['without its price column', 'refused', () => tab(['symbol', 'condition'], ['BTCUSDT', 'above'])],
  ])('%s: nothing expires, the stored alerts are checked, the answer says so', async (_what, status, spoil) => {
    world.rows(...manyRows);
    await world.check();
    spoil();
    world.simulators.market.setPrice('binance', 'BTCUSDT', '95000.00000000');
    const summary = await world.check();
    expect(summary.sheet).toMatchObject({ status, message: expect.stringMatching(/.{20}/) });
    expect(summary.alerts).toEqual({ pending: 19, notifying: 0, triggered: 1, expired: 0, paused: 0 });
    expect(outcomes(summary)).toEqual(['binance BTCUSDT accepted']);
  });

  test('the same smaller sheet is believed at the third check in a row', async () => {
    world.rows(...manyRows);
    await world.check();
    world.rows(...manyRows.slice(0, 10));
    const statuses = [];
    for (let run = 0; run < 3; run += 1) statuses.push((await world.check()).sheet.status);
    expect(statuses).toEqual(['refused', 'refused', 'ok']);
    expect((await world.store.list()).alerts).toHaveLength(10);
  });

  test('a row that can no longer be read holds its alert, and the answer says so', async () => {
    world.rows(['BTCUSDT', 'above', 95000], ['ETHUSDT', 'above', 9000]);
    await world.check();
    world.rows(['BTCUSDT', 'above', '95,5'], ['ETHUSDT', 'above', 9000]);
    const held = await world.check();
    expect(held.alerts).toMatchObject({ pending: 2, expired: 0 });
    expect(held.sheet.warnings).toEqual([
      'kept although no row asks for it: BTCUSDT above 95000; one of the wrong rows may be its row. Mend or delete those',
    ]);
    world.rows(['ETHUSDT', 'above', 9000]);
    expect(await world.check()).toMatchObject({ alerts: { pending: 1, expired: 1 }, sheet: { warnings: [] } });
  });

  test('a key pasted into the sheet reaches neither the answer nor the log nor the table', async () => {
    const key = 'fakeKeyfakeKeyfakeKeyfakeKey30';
    world.rows(['BTCUSDT', 'above', 1, key], [`${key}!`, 'above', key, '', key, key, '', '', `${key} x`]);
    const summary = await world.check();
    expect(summary.sheet.rowErrors.map(({ row }) => row)).toEqual([2, 3]);
    expect(summary.sheet.rowErrors[0]?.message).toContain('looks like a key; delete it here');
    expect(JSON.stringify([summary, world.log, await world.store.list()])).not.toContain(key);
  });

  test('a row that returns after it expired is armed again', async () => {
    world.rows(['BTCUSDT', 'above', 95000], ['ETHUSDT', 'above', 9000]);
    await world.check();
    world.rows(['ETHUSDT', 'above', 9000]);
    await world.check();
    expect((await world.store.list()).alerts).toHaveLength(1);
    world.rows(['BTCUSDT', 'above', 95000], ['ETHUSDT', 'above', 9000]);
    world.simulators.market.setPrice('binance', 'BTCUSDT', '95000.00000000');
    expect(outcomes(await world.check())).toEqual(['binance BTCUSDT accepted']);
  });

  test('`0.00001234`, `95000`, `95000.10` and a 30-digit decimal arrive unchanged in the message', async () => {
    const targets = ['0.00001234', '95000', '95000.10', '123456789012345.678901234567890'];
    world.simulators.market.list('binance', 'AUSDT', { price: '999999999999999.00000000' });
    world.rows(...targets.map((target) => ['AUSDT', 'above', target, 'dmitry']));
    const summary = await world.check();
    expect(summary.fired.map(({ targetPrice }) => targetPrice).toSorted()).toEqual(targets.toSorted());
    expect(
      received(world)
        .map(({ title }) => title)
        .toSorted(),
    ).toEqual(targets.map((target) => `AUSDT above ${target}`).toSorted());
    expect((await world.store.list()).alerts.map(({ condition }) => condition.target.text).toSorted()).toEqual(
      targets.toSorted(),
    );
  });

  test('500 rows with one of each mistake: every good row is checked, every bad one named', async () => {
    const good = Array.from({ length: 488 }, (_, index) => ['BTCUSDT', 'above', 95000 + index, 'dmitry']);
    const bad = [
      ['', 'above', 1],
      ['BTC USDT!', 'above', 1],
      ['BTCUSDT', '', 1],
      ['BTCUSDT', 'near', 1],
      ['BTCUSDT', 'above', ''],
      ['BTCUSDT', 'above', '95,000'],
      ['BTCUSDT', 'above', -5],
      ['BTCUSDT', 'above', '#N/A'],
      ['BTCUSDT', 'above', 1, 'boris'],
      ['BTCUSDT', 'above', 1, '', 'kraken'],
      ['BTCUSDT', 'above', 1, '', '', 'maybe'],
      ['BTCUSDT', 'above', 95000, 'dmitry'],
    ];
    const rows = [...good];
    for (const [index, row] of bad.entries()) rows.splice(index * 40 + 17, 0, row as (typeof good)[number]);
    world.rows(...rows);
    world.simulators.market.setPrice('binance', 'BTCUSDT', '95000.00000000');
    const summary = await world.check();
    expect(summary.sheet.rows).toBe(500);
    expect(summary.sheet.rowErrors.map(({ row }) => row)).toEqual(bad.map((_, index) => index * 40 + 19));
    for (const { message } of summary.sheet.rowErrors) expect(message).toMatch(/write|expected|delete|add/i);
    expect(summary.alerts).toMatchObject({ pending: 487, triggered: 1 });
    expect(summary.advice).toEqual([expect.stringContaining('488 armed alerts are more than 200')]);
  });
});

const manyRows = Array.from({ length: 20 }, (_, index) => ['BTCUSDT', 'above', 95000 + index * 1000, 'dmitry']);

describe('the exchanges', () => {
  const html403 =
    '<HTML><H1>403 ERROR</H1>The Amazon CloudFront distribution is configured to block access from your country.</HTML>';

  test('one delisted symbol, one unknown, one zero price: the other alerts fire in the same run', async () => {
    const { market } = world.simulators;
    market.list('binance', 'LUNAUSDT', { price: '0.00010000' });
    market.delist('binance', 'LUNAUSDT', Date.UTC(2022, 4, 13));
    market.list('bybit', 'NEWUSDT', {});
    world.rows(
      ['LUNAUSDT', 'below', 1],
      ['NOSUCHUSDT', 'below', 1],
      ['NEWUSDT', 'below', 1, '', 'bybit'],
      ['BTCUSDT', 'above', 1, 'dmitry'],
    );
    const summary = await world.check();
    expect(outcomes(summary)).toEqual(['binance BTCUSDT accepted']);
    expect(summary.silent).toEqual({ 'no-price': 3 });
    expect(summary.markets.failed.map(({ exchange, symbol }) => `${exchange} ${symbol}`).toSorted()).toEqual([
      'binance LUNAUSDT',
      'binance NOSUCHUSDT',
      'bybit NEWUSDT',
    ]);
  });

  test.each([
    ['a 451', { status: 451, body: { code: 0, msg: 'Service unavailable from a restricted location' } }],
    ['an HTML 403', { status: 403, body: html403 }],
    ['an answer that is no JSON', { status: 200, body: 'upstream error' }],
    ['a broken connection', 'reset' as const],
  ])('%s from Binance: Bybit is asked instead, and the push says so', async (_what, outcome) => {
    world.simulators.traffic.binance.fault = () => ({ outcome });
    world.rows(['BTCUSDT', 'above', 94001.5, 'dmitry', 'binance'], ['ETH-USD', 'below', 3000, 'anna', 'coinbase']);
    const summary = await world.check();
    expect(outcomes(summary).toSorted()).toEqual(['bybit BTCUSDT accepted', 'coinbase ETH-USD accepted']);
    expect(summary.markets.failed).toEqual([{ exchange: 'binance', symbol: 'BTCUSDT', reason: expect.any(String) }]);
    expect(received(world).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('bybit:BTCUSDT (binance gave no price)'),
    );
  });

  test('an exchange that blocks the region is asked once in a run', async () => {
    world.simulators.traffic.binance.fault = () => ({ outcome: { status: 451, body: {} } });
    world.rows(
      ['BTCUSDT', 'above', 1, '', 'binance'],
      ['NOSUCHUSDT', 'above', 1, '', 'bybit'],
      ['ETHUSDT', 'above', 1],
    );
    await world.check();
    expect(world.simulators.traffic.binance.requests).toHaveLength(1);
  });

  test('with Binance and Bybit down, Coinbase is asked for BTC-USDT and never for BTC-USD', async () => {
    const down = () => ({ outcome: { status: 451, body: {} } });
    world.simulators.traffic.binance.fault = down;
    world.simulators.traffic.bybit.fault = down;
    world.simulators.market.list('coinbase', 'BTC-USD', { price: '99999.00' });
    world.rows(['BTCUSDT', 'above', 94002, 'dmitry']);
    const summary = await world.check();
    expect(summary.fired).toMatchObject([{ exchange: 'coinbase', symbol: 'BTC-USDT', price: '94002.25' }]);
  });

  test('when no exchange answers, the handler throws and says which failed how', async () => {
    for (const each of trafficOfExchanges(world.simulators)) {
      each.fault = () => ({ outcome: { status: 451, body: {} } });
    }
    world.rows(['BTCUSDT', 'above', 1]);
    await expect(world.check()).rejects.toThrow(
      'no alert could be checked. binance: the exchange refuses this region (HTTP 451)',
    );
  });
});

describe('an exchange that is down', () => {
  const news = () => received(world).filter(({ title }) => title.startsWith('binance'));
  const checkEvery5Minutes = async (times: number) => {
    for (let run = 0; run < times; run += 1) {
      world.pass(5 * minuteMs);
      await world.check();
    }
  };

  test('is told to the default user once after an hour, and once when it is back', async () => {
    world.rows(['BTCUSDT', 'above', 99000, 'dmitry']);
    const fault = () => ({ outcome: { status: 451, body: {} } });
    world.simulators.traffic.binance.fault = fault;
    await checkEvery5Minutes(12);
    expect(news()).toEqual([]);
    await checkEvery5Minutes(6);
    expect(news()).toEqual([
      {
        user: 'default',
        title: 'binance gives no prices',
        text: expect.stringContaining(
          'Since 12:05 UTC: the exchange refuses this region (HTTP 451); run in another region.',
        ),
      },
    ]);
    world.simulators.traffic.binance.fault = () => undefined;
    await checkEvery5Minutes(3);
    expect(news().slice(1)).toEqual([
      {
        user: 'default',
        title: 'binance gives prices again',
        text: expect.stringContaining('from 12:05 UTC to 13:35 UTC'),
      },
    ]);
  });

  test('for less than an hour is told to nobody, and stands in the answer', async () => {
    world.rows(['BTCUSDT', 'above', 99000, 'dmitry']);
    world.simulators.traffic.binance.fault = () => ({ outcome: { status: 451, body: {} } });
    await checkEvery5Minutes(1);
    const summary = await world.check();
    expect(summary.exchanges).toEqual([
      {
        exchange: 'binance',
        state: 'blocked',
        since: '2026-01-15T12:05:00.000Z',
        reason: 'the exchange refuses this region (HTTP 451); run in another region',
      },
      { exchange: 'bybit', state: 'up' },
    ]);
    expect(world.metrics.at(-1)).toMatchObject({ ExchangesDown: 1, MarketsFailed: 1 });
    world.simulators.traffic.binance.fault = () => undefined;
    await checkEvery5Minutes(15);
    expect(received(world)).toEqual([]);
  });

  test('is told once where two checks overlap', async () => {
    world.rows(['BTCUSDT', 'above', 99000, 'dmitry']);
    world.simulators.traffic.binance.fault = () => ({ outcome: { status: 451, body: {} } });
    await checkEvery5Minutes(12);
    world.pass(5 * minuteMs);
    await Promise.all([world.handler()(), world.handler()()]);
    expect(news()).toHaveLength(1);
  });
});

describe('Pushover', () => {
  const armed = async () => {
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry']);
    await world.check();
    world.simulators.market.setPrice('binance', 'BTCUSDT', '95180.00000000');
    world.pass(5 * minuteMs);
  };

  test('an unknown outcome is sent again by the next check, and says that it may be a repeat', async () => {
    await armed();
    world.simulators.traffic.pushover.fault = () => ({ outcome: 'lose-answer' });
    expect(outcomes(await world.check())).toEqual(['binance BTCUSDT deferred']);
    world.simulators.traffic.pushover.fault = () => undefined;
    world.simulators.market.setPrice('binance', 'BTCUSDT', '90000.00000000');
    world.pass(5 * minuteMs);
    expect(outcomes(await world.check())).toEqual(['binance BTCUSDT accepted']);
    const [first, second] = received(world);
    expect(first?.text).not.toContain('repeat');
    expect(second?.text).toContain('Possible repeat');
    expect(second?.text).toContain('touched 95180.00 at 12:00 UTC');
  });

  test('a refused key is not tried again at once, keeps the notification, and is no repeat when it is mended', async () => {
    await armed();
    const { users } = world.simulators.pushover;
    const keys = [...users];
    users.clear();
    expect((await world.check()).fired).toMatchObject([
      { outcome: 'rejected', detail: expect.stringContaining("Pushover refuses the user's key") },
    ]);
    for (const key of keys) users.add(key);
    world.pass(5 * minuteMs);
    expect((await world.check()).fired).toEqual([]);
    world.pass(10 * minuteMs);
    expect(outcomes(await world.check())).toEqual(['binance BTCUSDT accepted']);
    expect(received(world)).toEqual([expect.objectContaining({ text: expect.not.stringContaining('repeat') })]);
  });

  test('a used-up quota holds everything back until its reset, also what fires meanwhile', async () => {
    await armed();
    const { pushover, traffic } = world.simulators;
    pushover.remaining = 0;
    pushover.resetsAt = (world.now() + 60 * minuteMs) / 1000;
    expect(outcomes(await world.check())).toEqual(['binance BTCUSDT deferred']);
    pushover.remaining = 10;
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry'], ['ETHUSDT', 'above', 1, 'anna']);
    world.pass(5 * minuteMs);
    expect(outcomes(await world.check())).toEqual(['binance ETHUSDT deferred']);
    expect(traffic.pushover.requests).toHaveLength(1);
    world.pass(60 * minuteMs);
    expect(outcomes(await world.check()).toSorted()).toEqual(['binance BTCUSDT accepted', 'binance ETHUSDT accepted']);
  });

  test('a hundred alerts that fire at once need at most ten pushes, and two connections at once', async () => {
    world.rows(...Array.from({ length: 100 }, (_, index) => ['BTCUSDT', 'above', 100 + index, 'dmitry']));
    await world.check();
    expect(alertsTold(world)).toHaveLength(100);
    expect(received(world).length).toBeLessThanOrEqual(10);
    expect(world.simulators.traffic.pushover.connectionsAtOnce.most).toBeLessThanOrEqual(2);
  });
});

describe('the secret', () => {
  test('missing: the stored alerts are checked, and the answer says what to do', async () => {
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry']);
    await world.check();
    world.simulators.secrets.clear();
    world.simulators.market.setPrice('binance', 'BTCUSDT', '95000.00000000');
    const summary = await world.handler()();
    expect(summary.sheet).toMatchObject({
      status: 'unavailable',
      message: expect.stringContaining('there is no secret "trading-alerts"'),
    });
    expect(outcomes(summary)).toEqual(['binance BTCUSDT rejected']);
  });

  test('is read once while it is kept', async () => {
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry']);
    await world.check();
    await world.check();
    expect(world.simulators.traffic.secretsManager.requests).toHaveLength(1);
    world.pass(11 * minuteMs);
    await world.check();
    expect(world.simulators.traffic.secretsManager.requests).toHaveLength(2);
  });
});

describe('the time budget', () => {
  test('15 s before the deadline no work is started, and the answer says what is left', async () => {
    world.rows(['BTCUSDT', 'above', 1, 'dmitry']);
    const summary = await world.handler({}, 15_000)();
    expect(summary.left).toEqual({ rows: 1, markets: 0, pushes: 0 });
    expect(outcomes(await world.check())).toEqual(['binance BTCUSDT accepted']);
  });
});
