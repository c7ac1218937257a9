import type { BacktestView } from '../../protocol-views.js';
import { refusalText } from '../editing.js';
import { groupedWithin, zonedInstant } from '../shown.js';
import type { Progress } from './run-backtest.js';
import type { Backtest } from './use-backtest.js';

const headline = (fires: number): string => {
  const times = fires === 1 ? 'once' : `${fires} times`;
  return `On the last 30 days this would ${fires === 0 ? 'not have rung' : `have rung ${times}`}.`;
};

const listed = 20;

function Tested({ test: { fires, rests }, timeZone }: { readonly test: BacktestView; readonly timeZone: string }) {
  return (
    <>
      <p class="headline">{headline(fires.length)}</p>
      {fires.length > 0 && (
        <details>
          <summary>When{fires.length > listed && `: the last ${listed}`}</summary>
          <ul class="fires">
            {fires
              .slice(-listed)
              .toReversed()
              .map(({ firedAt, touchedAt, reached }) => (
                <li key={firedAt}>
                  {zonedInstant(touchedAt, timeZone)} <b>{groupedWithin(reached)}</b>
                </li>
              ))}
          </ul>
        </details>
      )}
      <ul class="rests small">
        {rests.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </>
  );
}

/** How many answers there will be is known when the first have come. */
function Running({ progress, onCancel }: { readonly progress: Progress | undefined; onCancel(): void }) {
  const known = progress !== undefined && progress.done < progress.total ? progress : undefined;
  return (
    <div class="running">
      <progress aria-label="Candles read" {...(known && { value: known.done, max: known.total })} />
      <span class="small">
        {known === undefined ? 'Reading the candles…' : `${known.done} of ${known.total} answers read`}
      </span>
      <button type="button" class="plain" onClick={onCancel}>
        Cancel
      </button>
    </div>
  );
}

/** What the row would have done, below the form that it is written in. */
export function BacktestResult({ backtest, timeZone }: { readonly backtest: Backtest; readonly timeZone: string }) {
  const { state, cancel } = backtest;
  return (
    <div class="backtest wide" aria-live="polite" aria-busy={state.kind === 'runs'}>
      {state.kind === 'runs' && <Running progress={state.progress} onCancel={cancel} />}
      {state.kind === 'tested' && <Tested test={state.test} timeZone={timeZone} />}
      {state.kind === 'refused' && <p class="problem">Not tested: {refusalText(state.refused)}</p>}
    </div>
  );
}
