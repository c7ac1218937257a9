import type { ComponentChildren } from 'preact';
import type { PageState } from '../protocol.js';
import type { Page } from './editing.js';
import { marketHash } from './route.js';
import { RowErrors } from './row-errors.js';
import { shownInstant, shownMarket, stateNames, states } from './shown.js';

const Part = ({ title, children }: { readonly title: string; readonly children: ComponentChildren }) => (
  <section class="part">
    <h2>{title}</h2>
    {children}
  </section>
);

function Problems({ state }: { readonly state: PageState }) {
  const failing = state.prices.filter(({ problem }) => problem !== undefined);
  const unseen = state.alerts.filter(({ market, active }) => market === undefined && active);
  if (failing.length === 0 && unseen.length === 0) return <p>Every watched market has a price.</p>;
  return (
    <ul>
      {failing.slice(0, 200).map((price) => (
        <li key={price.key}>
          <a href={marketHash(price)}>{shownMarket(price)}</a> on {price.exchange}: {price.problem}
        </li>
      ))}
      {unseen.length > 0 && (
        <li>{unseen.length === 1 ? '1 alert has' : `${unseen.length} alerts have`} no market with a price yet.</li>
      )}
    </ul>
  );
}

export function StatusScreen({ page: { state, edits } }: { readonly page: Page }) {
  const { sheet, lastCheck, timeZone } = state;
  const counts = states.map((each) => [each, state.alerts.filter((alert) => alert.state === each).length] as const);
  return (
    <>
      <h1 class="unseen">Status</h1>
      <RowErrors sheet={sheet} />
      <div class="parts">
        <Part title="Last check">
          {lastCheck === undefined ? (
            <p>No check has run since the page was started; the alerts are watched from the first one on.</p>
          ) : (
            <>
              <p>{lastCheck.line}</p>
              <p class="small">
                {shownInstant(lastCheck.at, timeZone)} {timeZone}
              </p>
            </>
          )}
        </Part>
        <Part title="Sheet">
          <p>
            {sheet.name} <span class="small">{sheet.kind === 'csv' ? 'CSV file' : 'Google Sheet'}</span>
          </p>
          <p class="small">
            {sheet.readOnly === undefined
              ? 'Rows can be edited here.'
              : `Rows cannot be edited here: ${sheet.readOnly}`}
          </p>
          <div class="actions">
            <button type="button" onClick={() => edits.sync()}>
              Read it now
            </button>
          </div>
        </Part>
        <Part title="Alerts">
          <dl class="facts">
            {counts.map(([each, count]) => (
              <div key={each}>
                <dt>{stateNames[each]}</dt>
                <dd>{count}</dd>
              </div>
            ))}
          </dl>
        </Part>
        <Part title="Markets">
          <Problems state={state} />
        </Part>
      </div>
    </>
  );
}
