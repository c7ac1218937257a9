import { useState } from 'preact/hooks';
import type { AlertView } from '../protocol.js';
import type { WhyView } from '../protocol-views.js';
import { getWhy } from './api.js';
import { useKeys } from './keys.js';
import { NotHad, Part } from './part.js';
import { isWatched, zonedInstant } from './shown.js';
import { useAsked } from './use-asked.js';

/** The same sentences as `trading-alerts why`; the first names the alert, which the screen does already. */
function Sentences({ why: { lines, at }, timeZone }: { readonly why: WhyView; readonly timeZone: string }) {
  return (
    <>
      <ul class="why">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p class="small">As of {zonedInstant(at, timeZone)}. Nothing was written or sent.</p>
    </>
  );
}

function Looked({ id, timeZone }: { readonly id: string; readonly timeZone: string }) {
  const { value, refused, isAsking, again } = useAsked(() => getWhy(id), id);
  return (
    <div aria-live="polite" aria-busy={isAsking}>
      {refused !== undefined && <NotHad what="It could not be found out" refused={refused} again={again} />}
      {value === undefined && isAsking && <p class="small">Looking at its market as a check would…</p>}
      {value !== undefined && <Sentences why={value} timeZone={timeZone} />}
      {value !== undefined && (
        <button type="button" disabled={isAsking} onClick={again}>
          {isAsking ? 'Looking…' : 'Look again'}
        </button>
      )}
    </div>
  );
}

/** A dry run of the alert's market, made when somebody asks. */
export function WhyPanel({ alert, timeZone }: { readonly alert: AlertView; readonly timeZone: string }) {
  const [isOpen, setOpen] = useState(false);
  useKeys({ w: () => setOpen(true) });
  const title = isWatched(alert.state) ? 'Why silent?' : 'Where does it stand?';
  return (
    <Part title={title}>
      {isOpen ? (
        <Looked id={alert.id} timeZone={timeZone} />
      ) : (
        <div class="ask-line">
          <p class="small">What a check would see, ask and decide, were it now.</p>
          <button type="button" onClick={() => setOpen(true)}>
            Find out
          </button>
        </div>
      )}
    </Part>
  );
}
