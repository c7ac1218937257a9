import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createAlertStore } from '../../src/adapters/dynamodb/alert-store.js';
import { createStoreClient } from '../../src/adapters/dynamodb/client.js';
import { leaseMs } from '../../src/domain/delivery/backoff.js';
import type { Summary } from '../../src/flows/summary.js';
import type { Fault } from '../../src/simulators/faults.js';
import { throttleFirst } from '../support/dynamodb.js';
import { oneChannel } from '../support/one-channel.js';
import { createWorld, minuteMs, received, type World } from '../support/world.js';
import { throttled } from './fault.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
  const { market } = world.simulators;
  market.list('binance', 'BTCUSDT', { price: '94000.00000000' });
  market.list('binance', 'ETHUSDT', { price: '3000.00000000' });
  market.list('bybit', 'BTCUSDT', { price: '94000.0' });
  market.list('bybit', 'ETHUSDT', { price: '3000.0' });
  market.list('coinbase', 'ETH-USD', { price: '2999.99' });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await world.close();
});

const outcomes = ({ fired }: Summary) => fired.map(({ symbol, outcome }) => `${symbol} ${outcome}`).toSorted();
const titles = () =>
  received(world)
    .map(({ title }) => title)
    .toSorted();
const lastLog = () => world.log.findLast(({ message }) => message === 'check')?.fields;
const lastMetrics = () => world.metrics.at(-1);

/** A store with connections of its own, to be spoiled. */
function spoiledStore(spoil: (client: ReturnType<typeof createStoreClient>) => void) {
  const client = createStoreClient();
  spoil(client);
  return { store: createAlertStore({ client, tableName: 'trading-alerts' }), close: () => client.destroy() };
}

function throttleEachWriteTwice(client: ReturnType<typeof createStoreClient>): void {
  const attempts = new Map<unknown, number>();
  const throttle =
    (next: (args: unknown) => Promise<unknown>, { commandName }: { commandName: string }) =>
    async (args: { input: unknown }) => {
      const attempt = (attempts.get(args.input) ?? 0) + 1;
      attempts.set(args.input, attempt);
      if (attempt <= 2 && /Put|Update/.test(commandName)) throw throttled();
      return next(args);
    };
  client.middlewareStack.add(throttle as never, { step: 'finalizeRequest', priority: 'low', name: 'throttle' });
}

describe('DynamoDB', () => {
  test('that throttles each write twice holds nothing up', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0); // the SDK's pauses are random parts of up to 16 s
    world.rows(...Array.from({ length: 8 }, (_, index) => ['BTCUSDT', 'above', 93000 + index, 'dmitry']));
    const { store, close } = spoiledStore(throttleEachWriteTwice);
    const summary = await world.handler({ store })();
    close();
    expect(outcomes(summary)).toEqual(Array(8).fill('BTCUSDT accepted'));
    expect(summary.problems).toEqual([]);
    expect(titles()).toEqual([
      '3 more alerts fired (times in UTC)',
      ...[0, 1, 2, 3, 4].map((n) => `BTCUSDT above ${93000 + n}`),
    ]);
  });

  test('that throttles on and on is told apart, and the next run sends what could not be claimed', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry']);
    await world.check();
    world.simulators.market.setPrice('binance', 'BTCUSDT', '95180.00000000');
    const { store, close } = spoiledStore((client) => throttleFirst(client, 10_000));
    const throttledStore = { ...world.store, claim: store.claim, writeCheckpoint: store.writeCheckpoint };
    const summary = await world.handler({ store: throttledStore })();
    close();
    expect(summary.fired).toEqual([]);
    expect(summary.problems).toEqual([
      expect.stringMatching(/^DynamoDB did not take the claim of alert \w+: ProvisionedThroughputExceededException/),
      expect.stringMatching(/^DynamoDB did not take the checkpoint: ProvisionedThroughputExceededException/),
    ]);
    expect(lastLog()).toMatchObject({ problems: summary.problems });
    expect(lastMetrics()).toMatchObject({ Problems: 2, RunCompleted: 1, PushesAccepted: 0 });
    // The price has come back, so only the window that stayed open can tell.
    world.simulators.market.setPrice('binance', 'BTCUSDT', '94000.00000000');
    world.pass(5 * minuteMs);
    expect(outcomes(await world.check())).toEqual(['BTCUSDT accepted']);
  });

  test.each(['triggered', 'claimed', 'paused', 'expired', 'armed afresh'])(
    'whose index shows an alert as pending that is %s sends nothing twice',
    async (really) => {
      const row = (active: boolean) => ['BTCUSDT', 'above', 95000, 'dmitry', '', active];
      world.rows(row(true), ['ETHUSDT', 'above', 9000]);
      await world.check();
      const stale = await world.store.list();
      const btc = stale.alerts.find(({ symbol }) => symbol === 'BTCUSDT');
      if (btc?.status !== 'pending') throw new Error('expected a pending alert');
      const before = world.now();
      world.pass(minuteMs);
      if (really === 'paused') world.rows(row(false), ['ETHUSDT', 'above', 9000]);
      if (really === 'expired') world.rows(['ETHUSDT', 'above', 9000]);
      if (really === 'armed afresh') {
        world.rows(row(false), ['ETHUSDT', 'above', 9000]);
        await world.check();
        world.rows(row(true), ['ETHUSDT', 'above', 9000]);
      }
      if (really === 'triggered' || really === 'claimed') {
        world.simulators.market.setPrice('binance', 'BTCUSDT', '95180.00000000');
        // The answer is lost, so the alert waits for its next attempt.
        if (really === 'claimed') world.simulators.traffic.pushover.fault = () => ({ outcome: 'lose-answer' });
      }
      await world.check();
      world.simulators.traffic.pushover.fault = () => undefined;
      const pushesBefore = received(world).length;
      // Touched before it was armed afresh, and long over.
      world.simulators.market.move('binance', 'BTCUSDT', [{ at: before + 1_000, price: '95180.00000000' }]);
      world.simulators.market.setPrice('binance', 'BTCUSDT', '94000.00000000');
      const withStaleList = { ...world.store, list: async () => stale };
      const summary = await world.handler({ store: withStaleList })();
      expect(outcomes(summary)).toEqual([]);
      expect(received(world)).toHaveLength(pushesBefore);
    },
  );
});

describe('a clock', () => {
  test.each([minuteMs, -minuteMs])('%i ms off between two runs loses no touch', async (skewMs) => {
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry']);
    await world.check();
    world.pass(5 * minuteMs);
    // Seen by nobody when it happens: right after the run whose clock is wrong, and before the next one.
    await world.handler({ now: () => world.now() + skewMs })();
    world.simulators.market.move('binance', 'BTCUSDT', [
      { at: world.now() + 10_000, price: '95180.00000000' },
      { at: world.now() + 20_000, price: '94000.00000000' },
    ]);
    world.pass(5 * minuteMs);
    expect(outcomes(await world.check())).toEqual(['BTCUSDT accepted']);
    expect(titles()).toEqual(['BTCUSDT above 95000']);
  });

  test('a minute ahead takes over no lease of a run that may still be alive', async () => {
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry']);
    await world.check();
    world.simulators.market.setPrice('binance', 'BTCUSDT', '95180.00000000');
    // The run dies while its push is under way.
    await new Promise<void>((resolve) => {
      const push = () => {
        resolve();
        return new Promise<never>(() => {});
      };
      void world.handler({
        notifiers: oneChannel({
          pushesAtATime: 2,
          users: async () => ['dmitry'],
          tokenFingerprint: async () => undefined,
          push,
        }),
      })();
    });
    const ahead = world.handler({ now: () => world.now() + minuteMs });
    // A Lambda lives two minutes at most.
    world.pass(2 * minuteMs - 1);
    expect(outcomes(await ahead())).toEqual([]);
    world.pass(leaseMs - 2 * minuteMs + 2);
    expect(outcomes(await world.check())).toEqual(['BTCUSDT accepted']);
    expect(received(world)).toMatchObject([{ text: expect.stringContaining('Possible repeat') }]);
  });
});

describe('the sheet', () => {
  const rows = Array.from({ length: 12 }, (_, index) => ['BTCUSDT', 'above', 95000 + index * 1000, 'dmitry']);

  test.each<[what: string, fault: Fault]>([
    ['cut in the middle of the answer', { outcome: 'truncate' }],
    ['answered with half a JSON', { outcome: { status: 200, body: '{"range":"Alerts!A1:I13","val' } }],
    ['answered by a proxy', { outcome: { status: 200, body: '<html>Sign in</html>' } }],
  ])('%s is told apart, and the stored alerts are checked as they are', async (_, fault) => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    world.rows(...rows);
    await world.check();
    world.simulators.traffic.google.fault = ({ path }) => (path.includes('/values/') ? fault : undefined);
    world.simulators.market.setPrice('binance', 'BTCUSDT', '95180.00000000');
    const summary = await world.check();
    expect(outcomes(summary)).toEqual(['BTCUSDT accepted']);
    expect(summary.sheet).toMatchObject({ status: 'unavailable', message: expect.stringMatching(/^Google Sheets/) });
    expect(summary.alerts).toMatchObject({ pending: 11, triggered: 1, expired: 0 });
    expect(lastLog()).toMatchObject({ sheet: summary.sheet });
    expect(lastMetrics()).toMatchObject({ SheetUnavailable: 1, SheetRefused: 0 });
  });

  test('of which only the first half comes is refused, and told apart from one that does not come', async () => {
    world.rows(...rows);
    await world.check();
    world.rows(...rows.slice(0, 6));
    world.simulators.market.setPrice('binance', 'BTCUSDT', '120000.00000000');
    const summary = await world.check();
    expect(outcomes(summary)).toEqual(Array(12).fill('BTCUSDT accepted'));
    expect(summary.sheet).toMatchObject({ status: 'refused', message: expect.stringContaining('6 of 12') });
    expect(lastMetrics()).toMatchObject({ SheetUnavailable: 0, SheetRefused: 1 });
  });
});

describe('Pushover', () => {
  const armed = async () => {
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry'], ['ETHUSDT', 'above', 3100, 'anna']);
    await world.check();
    world.simulators.market.setPrice('binance', 'BTCUSDT', '95180.00000000');
    world.simulators.market.setPrice('binance', 'ETHUSDT', '3180.00000000');
    world.pass(5 * minuteMs);
  };

  test('whose quota is used up blames the token, and the token is not blamed here', async () => {
    await armed();
    const { pushover, traffic } = world.simulators;
    pushover.remaining = 0;
    pushover.resetsAt = (world.now() + 30 * minuteMs) / 1000;
    const summary = await world.check();
    expect(outcomes(summary)).toEqual(['BTCUSDT deferred', 'ETHUSDT deferred']);
    for (const { detail } of summary.fired) expect(detail).toMatch(/^Pushover's monthly quota is used up.*12:35 UTC/);
    expect(lastMetrics()).toMatchObject({ PushesDeferred: 2, PushesRejected: 0 });
    pushover.remaining = 10;
    const asked = traffic.pushover.requests.length;
    world.pass(5 * minuteMs);
    await world.check();
    expect(traffic.pushover.requests).toHaveLength(asked);
    world.pass(26 * minuteMs);
    expect(outcomes(await world.check())).toEqual(['BTCUSDT accepted', 'ETHUSDT accepted']);
    expect(received(world).map(({ text }) => text)).toEqual([
      expect.not.stringContaining('repeat'),
      expect.not.stringContaining('repeat'),
    ]);
  });

  test('with a new token: the refused push is sent later, everything after it at once, in the same warm Lambda', async () => {
    await armed();
    const { pushover, secret, secrets, traffic } = world.simulators;
    const token = 'fakeRotatedToken00000000000000';
    pushover.token = token;
    const refused = await world.check();
    expect(outcomes(refused)).toEqual(['BTCUSDT rejected', 'ETHUSDT rejected']);
    expect(refused.fired[0]?.detail).toContain('correct pushover_api_token in the secret');
    expect(lastMetrics()).toMatchObject({ PushesRejected: 2, PushesDeferred: 0 });
    secrets.set('trading-alerts', JSON.stringify({ ...secret, pushover_api_token: token }));
    const reads = traffic.secretsManager.requests.length;
    world.rows(
      ['BTCUSDT', 'above', 95000, 'dmitry'],
      ['ETHUSDT', 'above', 3100, 'anna'],
      ['ETHUSDT', 'above', 1, 'anna'],
    );
    world.pass(minuteMs);
    expect(outcomes(await world.check())).toEqual(['ETHUSDT accepted']);
    expect(traffic.secretsManager.requests.length).toBe(reads + 1);
    world.pass(15 * minuteMs);
    expect(outcomes(await world.check())).toEqual(['BTCUSDT accepted', 'ETHUSDT accepted']);
  });

  test('that refuses one key holds up nobody else', async () => {
    await armed();
    world.simulators.pushover.users.delete(world.simulators.secret.pushover_users.dmitry ?? '');
    expect(outcomes(await world.check())).toEqual(['BTCUSDT rejected', 'ETHUSDT accepted']);
  });
});

describe('the Google key', () => {
  test('replaced while the Lambda is warm is used as soon as the secret is read again', async () => {
    world.rows(['BTCUSDT', 'above', 99000, 'dmitry']);
    await world.check();
    const { secrets, secret, google } = world.simulators;
    google.tokens.clear();
    secrets.set('trading-alerts', JSON.stringify({ ...secret, google_service_account: undefined }));
    world.pass(11 * minuteMs);
    const without = await world.check();
    expect(without.sheet).toMatchObject({
      status: 'unavailable',
      message: expect.stringContaining('google_service_account is missing in the secret'),
    });
    secrets.set('trading-alerts', JSON.stringify(secret));
    world.pass(11 * minuteMs);
    expect((await world.check()).sheet.status).toBe('ok');
  });
});

describe('an exchange', () => {
  const zero = [{ symbol: 'BTCUSDT', lastPrice: '0.00000000', highPrice: '0.00000000', lowPrice: '0.00000000' }];

  const answers = (body: string | object): Fault => ({ outcome: { status: 200, body } });
  test.each<[what: string, fault: Fault, failed: RegExp | undefined]>([
    ['slow', { delayMs: 150 }, undefined],
    ['an HTML page with status 200', answers('<html>maintenance</html>'), /an HTML page with HTTP 200/],
    ['half a JSON', answers('[{"symbol":"BTCUSDT","lastPri'), /characters that are no JSON/],
    ['an error in a body of status 200', answers({ code: -1003, msg: 'Too many requests' }), /too many requests/],
    ['a price of zero', answers(zero), /listed, but without a price/],
    ['an empty list', answers([]), /an empty list/],
  ])('that answers with %s stops nothing and fires nothing falsely', async (_, fault, failed) => {
    const exchange = failed === undefined ? 'binance' : 'bybit';
    world.rows(
      ['BTCUSDT', 'above', 93000, 'dmitry', 'binance'],
      ['BTCUSDT', 'below', 1, 'dmitry', 'binance'],
      ['ETH-USD', 'below', 3000, 'anna', 'coinbase'],
    );
    world.simulators.traffic.binance.fault = () => fault;
    const summary = await world.check();
    expect(summary.fired.map((fired) => `${fired.exchange} ${fired.targetPrice} ${fired.outcome}`).toSorted()).toEqual(
      [`${exchange} 93000 accepted`, 'coinbase 3000 accepted'].toSorted(),
    );
    expect(summary.markets.failed).toEqual(
      failed === undefined ? [] : [{ exchange: 'binance', symbol: 'BTCUSDT', reason: expect.stringMatching(failed) }],
    );
    expect(lastLog()).toMatchObject({ markets: summary.markets });
    expect(lastMetrics()).toMatchObject({ MarketsFailed: failed === undefined ? 0 : 1, RunCompleted: 1 });
  });
});
