import type { RefObject } from 'preact';
import type { AlertView } from '../protocol.js';
import type { Asked } from './listing.js';
import { stateNames, states } from './shown.js';

interface Props {
  readonly alerts: readonly AlertView[];
  readonly asked: Asked;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly found: number;
  onChange(part: Partial<Asked>): void;
  /** On to what was found. */
  onEnter(): void;
}

export function Filter({ alerts, asked, input, found, onChange, onEnter }: Props) {
  const counts = new Map(states.map((state) => [state, alerts.filter((alert) => alert.state === state).length]));
  return (
    <search class="filter">
      <input
        ref={input}
        type="search"
        aria-label="Filter the alerts"
        placeholder="Filter by symbol, condition, name, user …"
        value={asked.text}
        onInput={(event) => onChange({ text: event.currentTarget.value })}
        onKeyDown={({ key }) => key === 'Enter' && onEnter()}
      />
      <fieldset class="states" aria-label="States">
        <button type="button" aria-pressed={asked.state === undefined} onClick={() => onChange({ state: undefined })}>
          All <span class="count">{alerts.length}</span>
        </button>
        {states
          .filter((state) => counts.get(state) !== 0 || asked.state === state)
          .map((state) => (
            <button
              key={state}
              type="button"
              aria-pressed={asked.state === state}
              onClick={() => onChange({ state: asked.state === state ? undefined : state })}
            >
              {stateNames[state]} <span class="count">{counts.get(state)}</span>
            </button>
          ))}
      </fieldset>
      <output class="unseen">{found === 1 ? '1 alert' : `${found} alerts`}</output>
    </search>
  );
}
