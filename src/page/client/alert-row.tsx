import type { Listed } from './listing.js';
import { alertHash } from './route.js';
import { grouped, groupedWithin, isWatched, shownDistance, stateNames, stateRest, titleOf } from './shown.js';

interface Props {
  readonly listed: Listed;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  onCurrent(): void;
  onSelect(): void;
}

/** Nothing of the bar is left from here on (%). */
const farPercent = 10;

function Distance({ percent, isLive }: { readonly percent: number; readonly isLive: boolean }) {
  if (!isLive) return <span class="none">{shownDistance(percent)}</span>;
  const near = Math.max(0, 1 - Math.abs(percent) / farPercent);
  return (
    <>
      {shownDistance(percent)}
      <span class="near" aria-hidden="true">
        <span style={{ transform: `scaleX(${near.toFixed(3)})` }} />
      </span>
    </>
  );
}

export function AlertRow({ listed: { alert, price, distance }, isCurrent, isSelected, onCurrent, onSelect }: Props) {
  const rest = stateRest(alert);
  const last = price?.price === undefined ? undefined : grouped(price.price);
  return (
    <tr class={`${isCurrent ? 'current' : ''} ${isSelected ? 'selected' : ''}`}>
      <td class="tick">
        <label class="tick-box">
          <input type="checkbox" aria-label={`Select ${titleOf(alert)}`} checked={isSelected} onChange={onSelect} />
        </label>
      </td>
      <td>
        <a class="open" id={`open ${alert.id}`} href={alertHash(alert.id)} onFocus={onCurrent}>
          <b>{alert.symbol}</b> <span class="asks">{alert.condition}</span> <b>{groupedWithin(alert.target)}</b>
        </a>
        {alert.name !== '' && <div class="small">{alert.name}</div>}
      </td>
      <td class="number wide-only" title={price?.problem}>
        {last ?? <span class="none">{price?.problem === undefined ? '–' : 'no price'}</span>}
      </td>
      <td class="number distance">
        {distance === undefined ? (
          <span class="none">–</span>
        ) : (
          <Distance percent={distance} isLive={isWatched(alert.state)} />
        )}
        <div class="small narrow-only">{last ?? (price?.problem === undefined ? '' : 'no price')}</div>
      </td>
      <td>
        <span class={`state ${alert.state}`}>{stateNames[alert.state]}</span>
        {rest !== '' && <div class="small">{rest}</div>}
      </td>
      <td class="wide-only">{alert.market?.exchange ?? (alert.exchange || <span class="none">any</span>)}</td>
      <td class="wide-only">{alert.user}</td>
    </tr>
  );
}
