import type { AlertView } from '../protocol.js';
import type { Page } from './editing.js';
import { distanceOf, grouped, groupedWithin, shownDistance, stateNames, stateRest } from './shown.js';

/** Where it stands. */
export function Facts({ alert, last }: { readonly alert: AlertView; readonly last: string | undefined }) {
  const distance = distanceOf(alert, last);
  return (
    <dl class="facts">
      <div>
        <dt>State</dt>
        <dd>
          <span class={`state ${alert.state}`}>{stateNames[alert.state]}</span>
          <span class="small"> {stateRest(alert)}</span>
        </dd>
      </div>
      <div>
        <dt>Last price</dt>
        <dd>{last === undefined ? '–' : grouped(last)}</dd>
      </div>
      <div>
        <dt>Distance</dt>
        <dd>{distance === undefined ? '–' : shownDistance(distance)}</dd>
      </div>
      <div>
        <dt>Fired</dt>
        <dd>{alert.times === 0 ? 'never' : alert.times === 1 ? 'once' : `${alert.times} times`}</dd>
      </div>
      <div>
        <dt>Row</dt>
        <dd>{alert.row ?? 'gone'}</dd>
      </div>
    </dl>
  );
}

interface TitleProps {
  readonly alert: AlertView;
  readonly page: Page;
  onToggle(): void;
  onDelete(): void;
}

/** What it asks for, and what can be done with it. */
export function Title({ alert, page: { state, edits }, onToggle, onDelete }: TitleProps) {
  const canEdit = state.sheet.readOnly === undefined;
  return (
    <div class="title">
      <h1>
        {alert.symbol} <span class="asks">{alert.condition}</span> {groupedWithin(alert.target)}
      </h1>
      {alert.name !== '' && <p class="small">{alert.name}</p>}
      <div class="actions">
        {alert.state === 'sending' && (
          <button type="button" onClick={() => edits.retry([alert])}>
            Try again now
          </button>
        )}
        {alert.state === 'fired' && (
          <button type="button" onClick={() => edits.rearm([alert])}>
            Arm again
          </button>
        )}
        <button type="button" disabled={!canEdit} onClick={onToggle}>
          {alert.active ? 'Pause' : 'Resume'}
        </button>
        <button type="button" class="danger" disabled={!canEdit} onClick={onDelete}>
          Delete
        </button>
      </div>
    </div>
  );
}
