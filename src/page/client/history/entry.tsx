import type { MarketView } from '../../protocol.js';
import type { HistoryEntry, OutcomeView } from '../../protocol-views.js';
import { alertHash } from '../route.js';
import { groupedWithin, shownMarket, zonedInstant, zonedTime } from '../shown.js';

const titles: Readonly<Record<string, string>> = {
  fired: 'Fired',
  created: 'Made',
  changed: 'Changed',
  paused: 'Paused',
  'armed again': 'Armed',
  over: 'Over',
  expired: 'Row gone',
};

/** The colours of the states that these lead to. */
const looks: Readonly<Record<string, string>> = {
  fired: 'fired',
  'armed again': 'armed',
  created: 'armed',
  paused: 'paused',
  over: 'over',
  expired: 'over',
};

const outcomeTexts = { accepted: 'told', refused: 'refused', 'given-up': 'given up' } as const;

function Outcome({ outcome, timeZone }: { readonly outcome: OutcomeView; readonly timeZone: string }) {
  const { channel, detail, acknowledgedAt } = outcome;
  const text = outcomeTexts[outcome.outcome];
  return (
    <li class={outcome.outcome}>
      <b>{channel}</b> {text}
      {detail !== undefined && `: ${detail}`}
      {acknowledgedAt !== undefined && `, acknowledged ${zonedInstant(acknowledgedAt, timeZone)}`}
    </li>
  );
}

/** Nothing of it is missing where the alert has no channel, so that a fire nobody was told of shows it. */
function Outcomes({ channels, timeZone }: { readonly channels: readonly OutcomeView[]; readonly timeZone: string }) {
  if (channels.length === 0) return <p class="problem">no channel</p>;
  return (
    <ul class="outcomes">
      {channels.map((outcome) => (
        <Outcome key={outcome.channel} outcome={outcome} timeZone={timeZone} />
      ))}
    </ul>
  );
}

/** Its symbol only where the alert's is spelled in another way. */
const marketText = (market: MarketView, { symbol }: HistoryEntry): string =>
  shownMarket(market) === symbol ? market.exchange : `${market.exchange} ${shownMarket(market)}`;

function Details({ entry, timeZone }: { readonly entry: HistoryEntry; readonly timeZone: string }) {
  const { fire, fields } = entry;
  if (fire === undefined) return <span class="small">{fields.join(', ')}</span>;
  const { market, reached, touchedAt } = fire;
  return (
    <>
      <div>
        <b>{groupedWithin(reached)}</b>{' '}
        <span class="small">
          on {marketText(market, entry)}, touched {zonedTime(touchedAt, timeZone)}
        </span>
      </div>
      <Outcomes channels={fire.channels} timeZone={timeZone} />
    </>
  );
}

interface Props {
  readonly entry: HistoryEntry;
  readonly timeZone: string;
  /** On the alert's own screen it need not be named. */
  readonly isOwn: boolean;
  readonly isThere: boolean;
}

export function Entry({ entry, timeZone, isOwn, isThere }: Props) {
  const { at, what, alertId, symbol, condition, target, user, name } = entry;
  const asks = (
    <>
      <b>{symbol}</b> <span class="asks">{condition}</span> <b>{groupedWithin(target)}</b>
    </>
  );
  return (
    <tr>
      <td class="when">{zonedTime(at, timeZone)}</td>
      <td>
        <span class={`state ${looks[what] ?? 'waits'}`}>{titles[what] ?? what}</span>
      </td>
      {!isOwn && (
        <td>
          {isThere ? (
            <a class="open" href={alertHash(alertId)}>
              {asks}
            </a>
          ) : (
            asks
          )}
          <div class="small">{[name, user].filter((text) => text !== '').join(' · ')}</div>
        </td>
      )}
      <td class="details">
        <Details entry={entry} timeZone={timeZone} />
      </td>
    </tr>
  );
}
