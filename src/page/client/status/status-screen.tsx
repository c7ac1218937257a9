import type { PageState } from '../../protocol.js';
import { getStatus } from '../api.js';
import type { Page } from '../editing.js';
import { NotHad, Part } from '../part.js';
import { marketHash } from '../route.js';
import { RowErrors } from '../row-errors.js';
import { shownMarket, stateNames, states } from '../shown.js';
import { useAsked } from '../use-asked.js';
import { DoctorPart } from './doctor-part.js';
import { ExchangesPart } from './exchanges-part.js';
import { LastCheckPart } from './last-check-part.js';
import { UndeliveredPart } from './undelivered-part.js';

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

function SheetPart({ page: { state, edits } }: { readonly page: Page }) {
  const { sheet } = state;
  return (
    <Part
      title="Sheet"
      action={
        <button type="button" onClick={() => edits.sync()}>
          Read it now
        </button>
      }
    >
      <p>
        {sheet.name} <span class="small">{sheet.kind === 'csv' ? 'CSV file' : 'Google Sheet'}</span>
      </p>
      <p class="small">
        {sheet.readOnly === undefined ? 'Rows can be edited here.' : `Rows cannot be edited here: ${sheet.readOnly}`}
      </p>
    </Part>
  );
}

function AlertsPart({ alerts }: Pick<PageState, 'alerts'>) {
  const counts = states.map((each) => [each, alerts.filter(({ state }) => state === each).length] as const);
  return (
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
  );
}

/** Whether all is well, and what to do where it is not. */
export function StatusScreen({ page }: { readonly page: Page }) {
  const { state, edits } = page;
  const { value: status, refused, again } = useAsked(getStatus, String(state.lastCheck?.at));
  return (
    <>
      <h1 class="unseen">Status</h1>
      <RowErrors sheet={state.sheet} />
      {refused !== undefined && <NotHad what="The last check could not be read" refused={refused} again={again} />}
      <div class="parts">
        <LastCheckPart lastCheck={state.lastCheck} status={status} timeZone={state.timeZone} />
        <UndeliveredPart alerts={state.alerts} status={status} timeZone={state.timeZone} edits={edits} />
        <AlertsPart alerts={state.alerts} />
        <SheetPart page={page} />
        <ExchangesPart check={status?.check} timeZone={state.timeZone} />
        <Part title="Markets">
          <Problems state={state} />
        </Part>
        {state.hasDoctor && <DoctorPart />}
      </div>
    </>
  );
}
