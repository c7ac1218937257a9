import type { ExchangeView, StatusView } from '../../protocol-views.js';
import { Part } from '../part.js';
import { zonedInstant } from '../shown.js';

const looks = { up: 'fired', down: 'sending', blocked: 'wrong' } as const;

function Row({ exchange, timeZone }: { readonly exchange: ExchangeView; readonly timeZone: string }) {
  const { name, state, since, reason, sent, failed, longestMs } = exchange;
  const why = [...(since === undefined ? [] : [`since ${zonedInstant(since, timeZone)}`]), ...(reason ? [reason] : [])];
  return (
    <tr>
      <td>
        <b>{name}</b>
        {why.length > 0 && <div class="small">{why.join(': ')}</div>}
      </td>
      <td>
        <span class={`state ${looks[state]}`}>{state}</span>
      </td>
      <td class="number">{sent}</td>
      <td class="number">{failed === 0 ? '0' : <b class="problem">{failed}</b>}</td>
      <td class="number wide-only">{longestMs} ms</td>
    </tr>
  );
}

/** Those that the last check asked. */
export function ExchangesPart({ check, timeZone }: { check: StatusView['check']; timeZone: string }) {
  const exchanges = check?.exchanges ?? [];
  return (
    <Part title="Exchanges">
      {exchanges.length === 0 ? (
        <p class="small">The last check asked none.</p>
      ) : (
        <table class="rows bare">
          <caption class="unseen">The exchanges at the last check</caption>
          <thead>
            <tr>
              <th scope="col">Exchange</th>
              <th scope="col">State</th>
              <th scope="col" class="number">
                Requests
              </th>
              <th scope="col" class="number">
                Failed
              </th>
              <th scope="col" class="number wide-only">
                Slowest
              </th>
            </tr>
          </thead>
          <tbody>
            {exchanges.map((exchange) => (
              <Row key={exchange.name} exchange={exchange} timeZone={timeZone} />
            ))}
          </tbody>
        </table>
      )}
    </Part>
  );
}
