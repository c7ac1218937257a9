import type { Hono } from 'hono';
import { readSymbol } from '../../domain/cell.js';
import { type FundingRate, shownAnnualRate, shownRate } from '../../domain/funding.js';
import { shownSymbol } from '../../domain/market.js';
import { err, ok, type Result } from '../../domain/result.js';
import { askedSymbol } from '../../domain/symbol.js';
import type { ExchangeCalls } from '../../flows/ask-exchanges.js';
import { priceErrorText } from '../../flows/market-failures.js';
import type { PriceSource } from '../../flows/ports/price-source.js';
import type { FundingView } from '../protocol-views.js';
import { refuse } from './guard.js';
import { callsNow, type PricePorts } from './prices.js';

function rateView(funding: FundingRate): NonNullable<FundingView['rate']> {
  const sign = funding.rate.value.cmp(0);
  return {
    shown: shownRate(funding.rate),
    everyHours: funding.intervalHours,
    annual: shownAnnualRate(funding),
    payer: sign > 0 ? 'longs pay' : sign < 0 ? 'shorts pay' : 'nobody pays',
    nextAt: funding.nextAt,
  };
}

async function fundingOf(source: PriceSource, own: string, calls: ExchangeCalls): Promise<FundingView> {
  const view = { exchange: source.name, symbol: shownSymbol({ kind: source.kind, symbol: own }) };
  const answer = (await calls.askFunding(source, [own]))?.get(own);
  if (answer === undefined) return { ...view, problem: 'there was no time left to ask' };
  if ('error' in answer) return { ...view, problem: priceErrorText(answer.error) };
  return { ...view, rate: rateView(answer.funding) };
}

/** Of one symbol, with `.P` or without, on every exchange that has perpetuals. The error is the sheet's sentence. */
async function fundingOfSymbol(ports: PricePorts, written: string): Promise<Result<readonly FundingView[], string>> {
  const read = readSymbol(written);
  if (!read.ok) return err(read.error);
  const { symbol } = askedSymbol(read.value);
  const calls = callsNow(ports);
  const asked = ports.exchanges.flatMap((source) => {
    const own = source.funding === undefined ? undefined : source.toExchangeSymbol(symbol, false);
    return own === undefined ? [] : [fundingOf(source, own, calls)];
  });
  return ok(await Promise.all(asked));
}

export function addFunding(app: Hono, ports: PricePorts): void {
  app.get('/api/funding', async (c) => {
    const funding = await fundingOfSymbol(ports, c.req.query('symbol') ?? '');
    return funding.ok ? c.json(funding.value) : refuse(c, 400, funding.error, undefined, 'symbol');
  });
}
