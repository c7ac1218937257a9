import type { MarketView } from '../protocol.js';
import type { FundingView } from '../protocol-views.js';
import { getFunding } from './api.js';
import { NotHad } from './part.js';
import { shownWait, zonedInstant } from './shown.js';
import { useAsked } from './use-asked.js';

const refreshMs = 30_000;

interface RowProps {
  readonly funding: FundingView;
  readonly rate: NonNullable<FundingView['rate']>;
  readonly now: number;
  readonly timeZone: string;
}

function Row({ funding, rate, now, timeZone }: RowProps) {
  return (
    <tr>
      <td>
        <b>{funding.symbol}</b>
        <div class="small">{funding.exchange}</div>
      </td>
      <td class="number">
        {rate.shown}
        <div class="small">
          {rate.everyHours} h, {rate.payer}
        </div>
      </td>
      <td class="number">{rate.annual}</td>
      <td class="number" title={zonedInstant(rate.nextAt, timeZone)}>
        {shownWait(rate.nextAt - now)}
      </td>
    </tr>
  );
}

/** What perpetuals of the symbol pay, on every exchange that has some. */
export function FundingTable({ market, now, timeZone }: { market: MarketView; now: number; timeZone: string }) {
  const { value, refused, again } = useAsked(() => getFunding(market.symbol), market.symbol, refreshMs);
  if (refused !== undefined && value === undefined) return <NotHad what="No funding" refused={refused} again={again} />;
  const rated =
    value?.flatMap((funding) => (funding.rate === undefined ? [] : [{ funding, rate: funding.rate }])) ?? [];
  const others = value?.filter(({ rate }) => rate === undefined) ?? [];
  return (
    <>
      {rated.length > 0 && (
        <table class="rows funding">
          <caption>Funding</caption>
          <thead>
            <tr>
              <th scope="col">Perpetual</th>
              <th scope="col" class="number">
                Rate
              </th>
              <th scope="col" class="number">
                A year
              </th>
              <th scope="col" class="number">
                Next in
              </th>
            </tr>
          </thead>
          <tbody>
            {rated.map((each) => (
              <Row key={each.funding.exchange} {...each} now={now} timeZone={timeZone} />
            ))}
          </tbody>
        </table>
      )}
      {others.length > 0 && (
        <p class="small no-funding">
          No funding{' '}
          {others.map(({ exchange, symbol, problem }) => `of ${symbol} on ${exchange}: ${problem}`).join('; ')}.
        </p>
      )}
    </>
  );
}
