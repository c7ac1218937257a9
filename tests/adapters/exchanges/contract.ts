import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connectAll } from '../../../src/adapters/exchanges/connect.js';
import type { Exchange } from '../../../src/adapters/exchanges/exchange.js';
import { createHttp, type Http } from '../../../src/adapters/http.js';
import type { Candle } from '../../../src/domain/evidence/candle.js';
import { planCandles } from '../../../src/domain/evidence/candle-plan.js';
import { type MarketKind, shownSymbol } from '../../../src/domain/market.js';
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
  badResponse,
  brokenOff,
  countryPage,
  type Failed,
  patienceMs,
  rateLimited,
  regionBlocked,
  serveExchange,
  silence,
  stalled,
  textLike,
  unavailable,
} from '../../support/exchange-server.js';
import { marketsOf } from '../../support/markets-of.js';

const digits = '95180.12345678';
const page = { from: at('12:00'), to: at('12:05'), spanMs: minuteMs };

const failedIn = (result: Result<unknown, PriceError>): readonly PriceError[] => (result.ok ? [] : [result.error]);

/** Those of the exchange as a whole, or of every symbol. */
const failuresIn = (result: Result<Tickers, PriceError>): readonly PriceError[] =>
  result.ok ? [...result.value.values()].flatMap(failedIn) : [result.error];

type Row = readonly [name: string, answer: Answer, expected: Failed];
const noAnswer = unavailable(`no answer within ${patienceMs} ms`);

/** What any service may send, whatever it was asked. */
const answers: readonly Row[] = [
  ['429 says how long to rest', { status: 429, headers: { 'retry-after': '17' }, body: {} }, rateLimited(17)],
  ['429 without a time', { status: 429, body: '' }, rateLimited()],
  ...['2026-11-20T12:00:00Z', 'Fri, 20 Nov 2026 12:00:00 GMT'].map((date): Row => {
    const answer = { status: 429, headers: { 'retry-after': date }, body: '' };
    return [`429 with ${date} in place of seconds`, answer, rateLimited()];
  }),
  ['451', { status: 451, body: '' }, regionBlocked(451)],
  ['the page of a blocked country', countryPage, regionBlocked(403)],
  ...[500, 502, 503, 504].map((status): Row => {
    return [String(status), { status, body: '<html>oops</html>' }, unavailable(`HTTP ${status}`)];
  }),
  ['silence', silence, noAnswer],
  ['a body that never ends', stalled, noAnswer],
  ['a connection that breaks off', brokenOff, unavailable(textLike(/^the connection failed/))],
  ...(
    [
      ['an HTML page', 200, '<html>maintenance</html>', 'an HTML page'],
      ['an HTML page with an error status', 400, '<html>Bad Request</html>', 'an HTML page'],
      ['an empty body', 200, ' ', 'an empty body'],
      ['cut-off JSON', 200, '[{"symbol":"BTC', '15 characters that are no JSON'],
      ['null', 200, 'null', 'JSON of another shape'],
      ['an object of something else', 200, '{"open":"1"}', 'JSON of another shape'],
      ['a list with an error status', 400, '[]', '(an empty list|JSON of another shape)'],
    ] as const
  ).map(([name, status, body, got]): Row => {
    const issue = textLike(new RegExp(`^expected .*, got ${got} with HTTP ${status}$`));
    return [name, { status, body }, badResponse(issue)];
  }),
];

/** Until patience is over: together, beside the other tests. */
const areWaitedFor: readonly Answer[] = [silence, stalled];

/** What stands in an answer in place of a price. None of it is a number that could be compared. */
const noPrices = ['', '0', '0.00000000', '1e5', '-1', 'NaN', '95,180', 'null', '9'.repeat(5_000)].map((text) => ({
  text,
  shown: text.slice(0, 20),
}));

/** Every exchange keeps this for each kind of market that it has; its simulator stands for it. */
export function exchangeContract(exchange: Exchange, kind: MarketKind = 'spot'): void {
  const markets = marketsOf(exchange, kind);
  /** As the simulated market names it. */
  const own = (symbol: string): string => shownSymbol({ kind, symbol });
  let now = at('12:00');
  const market = createMarket(() => now);
  const listed = () => (kind === 'spot' ? market.listings : market.contracts)[exchange.name];
  const traffic: Traffic[] = [];
  const served: (Served & { variable: string })[] = [];
  const http = createHttp({ timeoutMs: 10_000, retries: 0 });
  const [btc, eth, dead, none] = ['BTC-USDT', 'ETH-USDT', 'FTT-USDT', 'NOPE-USDT'].map(
    (symbol) => markets.toExchangeSymbol(symbol, true) ?? symbol,
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
    listed().clear();
    market.list(exchange.name, own(btc), { price: digits });
    market.list(exchange.name, own(eth), { price: '3000.00000001' });
    for (const each of traffic) Object.assign(each, { fault: () => undefined }).requests.length = 0;
  });

  const sourceBy = (get: Http['get']): PriceSource =>
    connectAll(exchange, get, Object.fromEntries(served.map(({ variable, url }) => [variable, url]))).find(
      (each) => each.kind === kind,
    ) as PriceSource;
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
      const from = source();
      // What changes seldom is kept from the first call on.
      await from.tickers([eth, btc], now);
      for (const { requests: seen } of traffic) seen.length = 0;
      const result = await from.tickers([eth, btc, none], now);
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
      market.list(exchange.name, own(dead), { price: '1.43000000' });
      market.delist(exchange.name, own(dead));
      market.list(exchange.name, own(none), {});
      now += 49 * hourMs;
      market.setPrice(exchange.name, own(btc), digits);
      const result = await source().tickers([dead, none, btc], now);
      expect(lastOf(result, dead)).toMatch(/^(no-price|unknown-symbol)$/);
      expect(lastOf(result, none)).toBe('no-price');
      expect(lastOf(result, btc)).toBe(digits);
    });

    test('an exchange that lists nothing gives no price', async () => {
      listed().clear();
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
      const symbol = markets.toExchangeSymbol('币安人生-USDT', true) ?? '';
      market.list(exchange.name, own(symbol), { price: '0.13000000' });
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
    ...(markets.dayRanges === undefined
      ? []
      : [{ what: 'ranges of the day', ask: async (from: PriceSource) => failedIn(await ranges(from).ofDay()) }]),
    ...(markets.rangesSince === undefined
      ? []
      : [{ what: 'ranges since', ask: async (from: PriceSource) => failedIn(await ranges(from).since('11:55')) }]),
    ...(kind === 'spot'
      ? []
      : [
          {
            what: 'funding',
            ask: async (from: PriceSource) => failedIn((await from.funding?.([btc], now)) ?? ok(undefined)),
          },
        ]),
  ])('instead of $what', ({ ask }) => {
    const fails = async (_name: string, answer: Answer, expected: Failed): Promise<void> => {
      const server = await serveExchange(exchange, { '*': answer }, { kind });
      try {
        const failures = failedIn(expected);
        expect(await ask(server)).toEqual(failures);
        const isRefusal = failures.some(({ kind }) => kind === 'rate-limited' || kind === 'region-blocked');
        if (isRefusal) expect(server.asked).toHaveLength(1);
        for (const { headers } of server.asked) expect(headers.get('user-agent')).toBe('trading-alerts');
      } finally {
        await server.close();
      }
    };
    test.each(answers.filter(([, answer]) => !areWaitedFor.includes(answer)))('%s', fails);
    test.concurrent.each(answers.filter(([, answer]) => areWaitedFor.includes(answer)))('%s', fails);

    test('a refused connection', async () => {
      const server = await serveExchange(exchange, {}, { kind });
      await server.close();
      expect(await ask(server)).toEqual([{ kind: 'unavailable', detail: 'the connection failed (ECONNREFUSED)' }]);
    });

    test.each<NonNullable<Fault['outcome']>>(['reset', 'lose-answer', 'truncate'])('%s', async (outcome) => {
      failAll({ outcome });
      expect(await ask(source())).toEqual([{ kind: 'unavailable', detail: textLike(/^the connection failed/) }]);
    });

    test('a proxy with a path of its own keeps it', async () => {
      const server = await serveExchange(
        exchange,
        { '*': { status: 503, body: '' } },
        { prefix: '/markets/proxy/', kind },
      );
      await ask(server);
      await server.close();
      expect(server.asked.length).toBeGreaterThan(0);
      for (const { target } of server.asked) expect(target).toMatch(/^\/markets\/proxy\/[^/]/);
    });
  });

  const describeRanges = () => {
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

    if (markets.dayRanges !== undefined) {
      test('the day of every market, in one request', async () => {
        expect(shown(await ranges(source()).ofDay())).toEqual([[btc, 95000, 97000], stillEth]);
        expect(requests()).toHaveLength(1);
      });
    }

    if (markets.rangesSince !== undefined) {
      test('since an instant, of many markets in one request', async () => {
        market.list(exchange.name, eth, {});
        market.move(exchange.name, eth, [{ at: at('11:00'), price: '3000.00000001' }]);
        expect(shown(await ranges(source()).since('11:56'))).toEqual([[btc, 95000, 97000], stillEth]);
        expect(shown(await ranges(source()).since('11:58:30'))).toEqual([[btc, 95000, 96000], stillEth]);
        expect(requests()).toHaveLength(2);
      });
    }
  };
  if (markets.dayRanges !== undefined || markets.rangesSince !== undefined) describe('ranges in bulk', describeRanges);

  describe('candles', () => {
    const { candleOffer } = markets;
    const shown = (candles: readonly Candle[]) =>
      candles.map(({ openAt, low, high, close }) => [openAt, ...[low, high, close].map(({ text }) => Number(text))]);
    /** Trades at the beginning, in the middle and at the end of the page; nothing in its third and fifth minute. */
    const trade = () => {
      market.list(exchange.name, own(btc), {});
      market.move(exchange.name, own(btc), [
        { at: at('11:58:30'), price: '50.00000000' },
        { at: at('12:00'), price: '100.00000000' },
        { at: at('12:00:59.999'), price: digits },
        { at: at('12:01:30'), price: '99.50000000' },
        { at: at('12:03:01'), price: '101.00000000' },
        { at: at('12:05'), price: '200.00000000' },
      ]);
      now = at('12:10');
    };

    /** So many trades in a market without any before; gives their instants. */
    const tradeEvery = (spanMs: number, from: number, length: number): number[] => {
      const path = Array.from({ length }, (_, index) => from + index * spanMs);
      market.list(exchange.name, own(btc), {});
      market.move(
        exchange.name,
        own(btc),
        path.map((instant) => ({ at: instant, price: digits })),
      );
      return path;
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
      const path = tradeEvery(spanMs, from, candleOffer.perAnswer);
      const answer = await source().candles(btc, { from, to, spanMs });
      expect(answer.ok && answer.value.map((candle) => [candle.openAt, candle.spanMs])).toEqual(
        path.map((instant) => [instant, spanMs]),
      );
    });

    test('page after page, each candle once', async () => {
      const from = at('12:00') - (candleOffer.perAnswer + 7) * minuteMs;
      const path = tradeEvery(minuteMs, from, candleOffer.perAnswer + 7);
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
      market.list(exchange.name, own(btc), {});
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

  if (kind === 'spot') return;
  describe('funding', () => {
    const ratesOf = async (symbols: readonly string[] | 'all', from = source()) => {
      const result = (await from.funding?.(symbols, now)) ?? ok(new Map());
      return result.ok
        ? Object.fromEntries(
            [...result.value].map(([symbol, each]) => [
              symbol,
              each.ok ? `${each.value.rate.text} per ${each.value.intervalHours} h` : each.error.kind,
            ]),
          )
        : result.error.kind;
    };
    const nextOf = async (symbol: string) => {
      const result = await source().funding?.([symbol], now);
      const found = result?.ok ? result.value.get(symbol) : undefined;
      return found?.ok ? found.value.nextAt : undefined;
    };

    test.each<{ rate: string; hours: number; next: string }>([
      { rate: '0.00061234', hours: 8, next: '2026-11-20T16:00:00.000Z' },
      { rate: '-0.00250000', hours: 4, next: '2026-11-20T16:00:00.000Z' },
      { rate: '0.00000000', hours: 1, next: '2026-11-20T13:00:00.000Z' },
    ])('$rate per $hours h, with all its digits', async ({ rate, hours, next }) => {
      market.setFunding(exchange.name, own(btc), rate, hours);
      const found = await source().funding?.([btc], now);
      const answer = found?.ok ? found.value.get(btc) : undefined;
      expect(answer?.ok && [answer.value.rate.value.eq(rate), answer.value.intervalHours]).toEqual([true, hours]);
      expect(new Date((await nextOf(btc)) ?? 0).toISOString()).toBe(next);
    });

    test('every symbol has its own answer, in the order of asking; all are those that have a rate', async () => {
      market.list(exchange.name, own(dead), { price: '1', contract: 'dated' });
      market.setFunding(exchange.name, own(eth), '-0.00010000', 4);
      const [ofBtc, ofEth] = ['0.00010000 per 8 h', '-0.00010000 per 4 h'];
      expect(await ratesOf([eth, none, dead, btc])).toEqual({
        [eth]: ofEth,
        [none]: 'unknown-symbol',
        [dead]: 'no-rate',
        [btc]: ofBtc,
      });
      expect(await ratesOf('all')).toEqual({ [btc]: ofBtc, [eth]: ofEth });
    });

    test.each(['', 'null', '1e-5', 'NaN', '9'.repeat(5_000)])('"%.10s" is no rate', async (text) => {
      market.setFunding(exchange.name, own(btc), '0.00061234');
      expect(await ratesOf([btc, eth], rewriting('0.00061234', text))).toEqual({
        [btc]: 'no-rate',
        [eth]: '0.00010000 per 8 h',
      });
    });

    test('a contract that settles no more has none', async () => {
      // Lists go on giving what they said last.
      const kept = new Map<string, Awaited<ReturnType<Http['get']>>>();
      const from = sourceBy(async (url, pass) => {
        const answer = kept.get(url.pathname) ?? (await http.get(url, pass));
        kept.set(url.pathname, answer);
        return answer;
      });
      expect(await ratesOf([btc], from)).toEqual({ [btc]: '0.00010000 per 8 h' });
      now += 13 * hourMs;
      expect(await ratesOf([btc], from)).toEqual({ [btc]: 'no-rate' });
    });

    test('what is listed by the thousand is named', async () => {
      const many = markets.toExchangeSymbol('1000PEPE-USDT', true) ?? '';
      const one = markets.toExchangeSymbol('PEPE-USDT', true) ?? '';
      market.list(exchange.name, own(many), { price: '0.012' });
      const meant = { kind: 'unknown-symbol', meant: own(many) };
      const [prices, rates] = [await source().tickers([one], now), await source().funding?.([one], now)];
      expect([...(prices.ok ? prices.value.values() : [])].flatMap(failedIn)).toEqual([meant]);
      expect([...(rates?.ok ? rates.value.values() : [])].flatMap(failedIn)).toEqual([meant]);
    });
  });
}
