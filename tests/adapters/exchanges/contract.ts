import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from '../../../src/adapters/exchanges/connect.js';
import type { Exchange } from '../../../src/adapters/exchanges/exchange.js';
import { createHttp, type Http } from '../../../src/adapters/http.js';
import type { Candle } from '../../../src/domain/evidence/candle.js';
import { planCandles } from '../../../src/domain/evidence/candle-plan.js';
import { ok, type Result } from '../../../src/domain/result.js';
import { hourMs, minuteMs } from '../../../src/domain/time.js';
import type { PriceError, PriceRanges, PriceSource, Tickers } from '../../../src/flows/ports/price-source.js';
import { exchangeHosts } from '../../../src/simulators/exchange-hosts.js';
import { createTraffic, type Fault, type Traffic } from '../../../src/simulators/faults.js';
import { type Served, serveSimulator } from '../../../src/simulators/loopback.js';
import { createMarket } from '../../../src/simulators/market.js';
import { at } from '../../support/builders.js';
import {
  type Answer,
  brokenOff,
  countryPage,
  patienceMs,
  serveExchange,
  silence,
  stalled,
  textLike,
} from '../../support/exchange-server.js';

const digits = '95180.12345678';
const page = { from: at('12:00'), to: at('12:05'), spanMs: minuteMs };

type Failure = Partial<PriceError> & Pick<PriceError, 'kind'>;

const failedIn = (result: Result<unknown, PriceError>): readonly PriceError[] => (result.ok ? [] : [result.error]);

/** Those of the exchange as a whole, or of every symbol. */
const failuresIn = (result: Result<Tickers, PriceError>): readonly PriceError[] =>
  result.ok ? [...result.value.values()].flatMap(failedIn) : [result.error];

/** What any service may send, whatever it was asked. */
const answers: readonly { readonly name: string; readonly answer: Answer; readonly error: Failure }[] = [
  {
    name: '429 says how long to rest',
    answer: { status: 429, headers: { 'retry-after': '17' }, body: {} },
    error: { kind: 'rate-limited', retryAfterSeconds: 17 },
  },
  { name: '429 without a time', answer: { status: 429, body: '' }, error: { kind: 'rate-limited' } },
  ...['2026-11-20T12:00:00Z', 'Fri, 20 Nov 2026 12:00:00 GMT'].map((date) => ({
    name: `429 with ${date} in place of seconds`,
    answer: { status: 429, headers: { 'retry-after': date }, body: '' },
    error: { kind: 'rate-limited' as const, retryAfterSeconds: undefined },
  })),
  { name: '451', answer: { status: 451, body: '' }, error: { kind: 'region-blocked', status: 451 } },
  { name: 'the page of a blocked country', answer: countryPage, error: { kind: 'region-blocked', status: 403 } },
  ...[500, 502, 503, 504].map((status) => ({
    name: String(status),
    answer: { status, body: '<html>oops</html>' },
    error: { kind: 'unavailable' as const, detail: `HTTP ${status}` },
  })),
  {
    name: 'silence',
    answer: silence,
    error: { kind: 'unavailable', detail: `no answer within ${patienceMs} ms` },
  },
  {
    name: 'a body that never ends',
    answer: stalled,
    error: { kind: 'unavailable', detail: `no answer within ${patienceMs} ms` },
  },
  {
    name: 'a connection that breaks off',
    answer: brokenOff,
    error: { kind: 'unavailable', detail: textLike(/^the connection failed/) },
  },
  ...[
    { name: 'an HTML page', status: 200, body: '<html>maintenance</html>', got: 'an HTML page' },
    { name: 'an HTML page with an error status', status: 400, body: '<html>Bad Request</html>', got: 'an HTML page' },
    { name: 'an empty body', status: 200, body: ' ', got: 'an empty body' },
    { name: 'cut-off JSON', status: 200, body: '[{"symbol":"BTC', got: '15 characters that are no JSON' },
    { name: 'null', status: 200, body: 'null', got: 'JSON of another shape' },
    { name: 'an object of something else', status: 200, body: '{"open":"1"}', got: 'JSON of another shape' },
    { name: 'a list with an error status', status: 400, body: '[]', got: '(an empty list|JSON of another shape)' },
  ].map(({ name, status, body, got }) => ({
    name,
    answer: { status, body },
    error: {
      kind: 'bad-response' as const,
      issues: [textLike(new RegExp(`^expected .*, got ${got} with HTTP ${status}$`))],
    },
  })),
];

/** What stands in an answer in place of a price. None of it is a number that could be compared. */
const noPrices = ['', '0', '0.00000000', '1e5', '-1', 'NaN', '95,180', 'null', '9'.repeat(5_000)].map((text) => ({
  text,
  shown: text.slice(0, 20),
}));

/** Every exchange keeps this; its simulator stands for it. */
export function exchangeContract(exchange: Exchange): void {
  let now = at('12:00');
  const market = createMarket(() => now);
  const traffic: Traffic[] = [];
  const served: (Served & { variable: string })[] = [];
  const http = createHttp({ timeoutMs: 10_000, retries: 0 });
  const [btc, eth, dead, none] = ['BTC-USDT', 'ETH-USDT', 'FTT-USDT', 'NOPE-USDT'].map(
    (symbol) => exchange.toExchangeSymbol(symbol, true) ?? symbol,
  ) as [string, string, string, string];

  beforeAll(async () => {
    for (const { variable, simulate } of exchangeHosts.filter((host) => host.exchange === exchange.name)) {
      const seen = createTraffic();
      traffic.push(seen);
      served.push({ variable, ...(await serveSimulator(simulate(market, seen), seen)) });
    }
  });
  afterAll(() => Promise.all(served.map(({ close }) => close())));
  beforeEach(() => {
    now = at('12:00');
    market.listings[exchange.name].clear();
    market.list(exchange.name, btc, { price: digits });
    market.list(exchange.name, eth, { price: '3000.00000001' });
    for (const each of traffic) Object.assign(each, { fault: () => undefined }).requests.length = 0;
  });

  const sourceBy = (get: Http['get']): PriceSource =>
    connect(exchange, get, Object.fromEntries(served.map(({ variable, url }) => [variable, url])));
  const source = () => sourceBy(http.get);
  /** Each answer as it goes over the wire, with one text put in the place of another. */
  const rewriting = (written: string, replacement: string) =>
    sourceBy(async (url, pass) => {
      const answer = await http.get(url, pass);
      return answer.ok ? ok({ ...answer.value, text: answer.value.text.replaceAll(written, replacement) }) : answer;
    });
  const lastOf = (result: Result<Tickers, PriceError>, symbol: string) => {
    const ticker = result.ok ? result.value.get(symbol) : result;
    return ticker?.ok ? ticker.value.last.text : ticker?.error.kind;
  };
  const ranges = (from: PriceSource) => {
    const none: Promise<Result<PriceRanges, PriceError>> = Promise.resolve(ok(new Map()));
    return {
      ofDay: () => from.dayRanges?.() ?? none,
      since: (time: string) => from.rangesSince?.(new Map([btc, eth].map((symbol) => [symbol, at(time)])), now) ?? none,
    };
  };
  const requests = () => traffic.flatMap((each) => each.requests);
  const failAll = (fault: Fault) => {
    for (const each of traffic) each.fault = () => fault;
  };

  test('its simulator stands in for every host, and for no other', () => {
    expect(served.map(({ variable }) => variable).toSorted()).toEqual(Object.keys(exchange.origins).toSorted());
  });

  describe('prices', () => {
    test('every symbol has its own answer, with all its digits, in the order of asking', async () => {
      const result = await source().tickers([eth, btc, none], now);
      expect(result.ok && [...result.value.keys()]).toEqual([eth, btc, none]);
      expect([eth, btc, none].map((symbol) => lastOf(result, symbol))).toEqual([
        '3000.00000001',
        digits,
        'unknown-symbol',
      ]);
      expect(requests().map(({ method, body }) => ({ method, body }))).toEqual([{ method: 'GET', body: '' }]);
    });

    test('no symbols are no request', async () => {
      expect(await source().tickers([], now)).toEqual(ok(new Map()));
      expect(requests()).toEqual([]);
    });

    test('what was delisted has no price, nor what was never traded, and the others keep theirs', async () => {
      market.list(exchange.name, dead, { price: '1.43000000' });
      market.delist(exchange.name, dead);
      market.list(exchange.name, none, {});
      now += 49 * hourMs;
      market.setPrice(exchange.name, btc, digits);
      const result = await source().tickers([dead, none, btc], now);
      expect(lastOf(result, dead)).toMatch(/^(no-price|unknown-symbol)$/);
      expect(lastOf(result, none)).toBe('no-price');
      expect(lastOf(result, btc)).toBe(digits);
    });

    test('an exchange that lists nothing gives no price', async () => {
      market.listings[exchange.name].clear();
      for (const error of failuresIn(await source().tickers([btc], now))) {
        expect(error.kind).toMatch(/^(bad-response|unknown-symbol)$/);
      }
      expect(lastOf(await source().tickers([btc], now), btc)).not.toBe(digits);
    });

    test.each(noPrices)('"$shown" is no price, and the others keep theirs', async ({ text }) => {
      const result = await rewriting(digits, text).tickers([eth, btc], now);
      expect(lastOf(result, btc)).toMatch(/^(no-price|bad-response)$/);
      expect(lastOf(result, eth)).toBe('3000.00000001');
    });

    test.each([digits, 'null', '{}', 'true'])('%s that is no text is no price', async (written) => {
      const result = await rewriting(`"${digits}"`, written).tickers([btc], now);
      expect(lastOf(result, btc)).toMatch(/^(no-price|bad-response)$/);
    });

    test('all the digits of a long price survive', async () => {
      const long = '123456789012345678901234567890.12345678901234567890';
      expect(lastOf(await rewriting(digits, long).tickers([btc], now), btc)).toBe(long);
    });

    test('letters of any script are letters of a symbol', async () => {
      const symbol = exchange.toExchangeSymbol('币安人生-USDT', true) ?? '';
      market.list(exchange.name, symbol, { price: '0.13000000' });
      expect(lastOf(await source().tickers([symbol, btc], now), symbol)).toBe('0.13000000');
    });

    test('of a symbol that comes twice the first counts', async () => {
      const result = await rewriting(eth, btc).tickers([btc], now);
      expect(lastOf(result, btc)).toBe(digits);
    });
  });

  describe.each<{ what: string; ask: (from: PriceSource) => Promise<readonly PriceError[]> }>([
    { what: 'prices', ask: async (from) => failuresIn(await from.tickers([btc], now)) },
    { what: 'candles', ask: async (from) => failedIn(await from.candles(btc, page)) },
    ...(exchange.dayRanges === undefined
      ? []
      : [{ what: 'ranges of the day', ask: async (from: PriceSource) => failedIn(await ranges(from).ofDay()) }]),
    ...(exchange.rangesSince === undefined
      ? []
      : [{ what: 'ranges since', ask: async (from: PriceSource) => failedIn(await ranges(from).since('11:55')) }]),
  ])('instead of $what', ({ ask }) => {
    test.each(answers)('$name', async ({ answer, error }) => {
      const server = await serveExchange(exchange, { '*': answer });
      try {
        expect(await ask(server)).toEqual([
          { ...error, ...(error.kind === 'rate-limited' && { retryAfterSeconds: error.retryAfterSeconds }) },
        ]);
        const isRefusal = error.kind === 'rate-limited' || error.kind === 'region-blocked';
        if (isRefusal) expect(server.asked).toHaveLength(1);
        for (const { headers } of server.asked) expect(headers.get('user-agent')).toBe('trading-alerts');
      } finally {
        await server.close();
      }
    });

    test('a refused connection', async () => {
      const server = await serveExchange(exchange, {});
      await server.close();
      expect(await ask(server)).toEqual([{ kind: 'unavailable', detail: 'the connection failed (ECONNREFUSED)' }]);
    });

    test.each<NonNullable<Fault['outcome']>>(['reset', 'lose-answer', 'truncate'])('%s', async (outcome) => {
      failAll({ outcome });
      expect(await ask(source())).toEqual([{ kind: 'unavailable', detail: textLike(/^the connection failed/) }]);
    });

    test('a proxy with a path of its own keeps it', async () => {
      const server = await serveExchange(exchange, { '*': { status: 503, body: '' } }, { prefix: '/markets/proxy/' });
      await ask(server);
      await server.close();
      expect(server.asked.length).toBeGreaterThan(0);
      for (const { target } of server.asked) expect(target).toMatch(/^\/markets\/proxy\/[^/]/);
    });
  });

  describe('ranges in bulk, where it offers them', () => {
    const shown = (result: Result<PriceRanges, PriceError>) =>
      [btc, eth].map((symbol) => {
        const range = result.ok ? result.value.get(symbol) : undefined;
        return [symbol, Number(range?.low.text), Number(range?.high.text)];
      });
    beforeEach(() => {
      market.move(exchange.name, btc, [
        { at: at('11:30'), price: '97000' },
        { at: at('11:57'), price: '96000' },
        { at: at('11:58'), price: '95000' },
        { at: at('11:59'), price: digits },
      ]);
    });
    const stillEth = [eth, 3000.00000001, 3000.00000001];

    test('the day of every market, in one request', async () => {
      if (exchange.dayRanges === undefined) return;
      expect(shown(await ranges(source()).ofDay())).toEqual([[btc, 95000, 97000], stillEth]);
      expect(requests()).toHaveLength(1);
    });

    test('since an instant, of many markets in one request', async () => {
      if (exchange.rangesSince === undefined) return;
      market.list(exchange.name, eth, {});
      market.move(exchange.name, eth, [{ at: at('11:00'), price: '3000.00000001' }]);
      expect(shown(await ranges(source()).since('11:56'))).toEqual([[btc, 95000, 97000], stillEth]);
      expect(shown(await ranges(source()).since('11:58:30'))).toEqual([[btc, 95000, 96000], stillEth]);
      expect(requests()).toHaveLength(2);
    });
  });

  describe('candles', () => {
    const { candleOffer } = exchange;
    const shown = (candles: readonly Candle[]) =>
      candles.map(({ openAt, low, high, close }) => [openAt, ...[low, high, close].map(({ text }) => Number(text))]);
    /** Trades at the beginning, in the middle and at the end of the page; nothing in its third and fifth minute. */
    const trade = () => {
      market.list(exchange.name, btc, {});
      market.move(exchange.name, btc, [
        { at: at('11:58:30'), price: '50.00000000' },
        { at: at('12:00'), price: '100.00000000' },
        { at: at('12:00:59.999'), price: digits },
        { at: at('12:01:30'), price: '99.50000000' },
        { at: at('12:03:01'), price: '101.00000000' },
        { at: at('12:05'), price: '200.00000000' },
      ]);
      now = at('12:10');
    };

    test('oldest first, within the request alone; a minute without trades has a flat one or none, as offered', async () => {
      trade();
      const answer = await source().candles(btc, page);
      const traded = [
        [at('12:00'), 100, Number(digits), Number(digits)],
        [at('12:01'), 99.5, 99.5, 99.5],
        [at('12:03'), 101, 101, 101],
      ];
      const flat = [
        [at('12:02'), 99.5, 99.5, 99.5],
        [at('12:04'), 101, 101, 101],
      ];
      const expected = candleOffer.hasEverySpan ? [...traded, ...flat] : traded;
      expect(answer.ok && shown(answer.value)).toEqual(expected.toSorted(([a = 0], [b = 0]) => a - b));
      expect(answer.ok && answer.value[0]?.high.text).toBe(digits);
      expect(requests()).toHaveLength(1);
    });

    test.each(candleOffer.spansMs)('of %d ms, as many as one answer is said to hold', async (spanMs) => {
      const to = at('12:00');
      const from = to - candleOffer.perAnswer * spanMs;
      market.list(exchange.name, btc, {});
      const path = Array.from({ length: candleOffer.perAnswer }, (_, index) => from + index * spanMs);
      market.move(
        exchange.name,
        btc,
        path.map((instant) => ({ at: instant, price: digits })),
      );
      const answer = await source().candles(btc, { from, to, spanMs });
      expect(answer.ok && answer.value.map((candle) => [candle.openAt, candle.spanMs])).toEqual(
        path.map((instant) => [instant, spanMs]),
      );
    });

    test('page after page, each candle once', async () => {
      const from = at('12:00') - (candleOffer.perAnswer + 7) * minuteMs;
      market.list(exchange.name, btc, {});
      const path = Array.from({ length: candleOffer.perAnswer + 7 }, (_, index) => from + index * minuteMs);
      market.move(
        exchange.name,
        btc,
        path.map((instant) => ({ at: instant, price: digits })),
      );
      const pages = planCandles({ from, to: at('12:00') }, [], { ...candleOffer, spansMs: [minuteMs] });
      const found: number[] = [];
      for (const each of pages) {
        const answer = await source().candles(btc, each);
        if (answer.ok) found.push(...answer.value.map(({ openAt }) => openAt));
      }
      expect(pages.length).toBeGreaterThan(1);
      expect(found.toSorted((a, b) => a - b)).toEqual(path);
    });

    test('a stretch before the first trade has none, and is no failure', async () => {
      market.list(exchange.name, btc, {});
      expect(await source().candles(btc, page)).toEqual(ok([]));
    });

    test('an unknown symbol', async () => {
      expect(failedIn(await source().candles(none, page))).toEqual([{ kind: 'unknown-symbol' }]);
    });

    // A host that writes JSON numbers may write 1e5.
    test.each(noPrices.filter(({ text }) => text !== '1e5'))(
      'one with the high "$shown" spoils the answer: it may be the one with the touch',
      async ({ text }) => {
        trade();
        expect(failedIn(await rewriting(digits, text).candles(btc, page))).toMatchObject([{ kind: 'bad-response' }]);
      },
    );

    test('so does one whose high is lower than its low', async () => {
      trade();
      expect(failedIn(await rewriting(digits, '1.5').candles(btc, page))).toMatchObject([{ kind: 'bad-response' }]);
    });
  });
}
