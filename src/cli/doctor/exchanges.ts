import { connectAll } from '../../adapters/exchanges/connect.js';
import { exchanges } from '../../adapters/exchanges/registry.js';
import type { Http } from '../../adapters/http.js';
import type { PriceError, PriceSource } from '../../flows/ports/price-source.js';
import { type Finding, right, skipped, wrong } from './findings.js';
import type { Surroundings } from './surroundings.js';

/** Every exchange lists it. */
const asked = 'BTC-USDT';

function failure(name: string, error: PriceError, variables: string): Finding {
  const elsewhere = `check ${variables}, and whether a proxy answers in its place`;
  switch (error.kind) {
    case 'region-blocked':
      return wrong(
        name,
        `refuses addresses of this place (HTTP ${error.status})`,
        'run from another country or AWS region; meanwhile the other exchanges stand in',
      );
    case 'rate-limited':
      return wrong(
        name,
        'has had too many requests from this address',
        `wait ${error.retryAfterSeconds === undefined ? 'some minutes' : `${error.retryAfterSeconds} s`}, then check less often`,
      );
    case 'unavailable':
      return wrong(
        name,
        `gives no prices now: ${error.detail}`,
        `try again in a minute; where that stays so, check the network and ${variables}`,
      );
    case 'bad-response':
      return wrong(name, error.issues.join('; '), elsewhere);
    case 'unknown-symbol':
      return wrong(name, `answers, but does not list ${asked}`, elsewhere);
    case 'no-rate':
      return wrong(name, `answers, but without a funding rate of ${asked}: ${error.detail}`, elsewhere);
    case 'no-price':
      return wrong(name, `answers, but without a price of ${asked}: ${error.detail}`, elsewhere);
  }
}

/** As findings name a source. */
const nameOf = ({ name, kind }: PriceSource): string => (kind === 'spot' ? name : `${name} ${kind}s`);

async function askOne(source: PriceSource, variables: string, from: string): Promise<Finding> {
  const symbol = source.toExchangeSymbol(asked, true) ?? asked;
  const tickers = await source.tickers([symbol], Date.now());
  const ticker = tickers.ok ? (tickers.value.get(symbol) ?? { ok: false, error: { kind: 'unknown-symbol' } }) : tickers;
  const name = nameOf(source);
  return ticker.ok ? right(name, `answers${from}`) : failure(name, ticker.error, variables);
}

/** One question to each kind of market, as a check asks it. `region`: where the Lambda asks from; the doctor can only ask from here. */
export async function examineExchanges(
  { config, reasonToSkip }: Surroundings,
  http: Http,
  region: string | undefined,
): Promise<Finding[]> {
  const from = region === undefined ? '' : ` (asked from this machine, not from ${region})`;
  const all = Object.values(exchanges).flatMap((exchange) => {
    const variables = Object.keys(exchange.origins);
    const reason = reasonToSkip(...variables);
    return connectAll(exchange, http.get, config.exchangeOrigins).map((source) =>
      reason === undefined ? askOne(source, variables.join(' and '), from) : skipped(nameOf(source), reason),
    );
  });
  return Promise.all(all);
}
