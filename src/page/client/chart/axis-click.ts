import { grouped } from '../shown.js';

export interface Axis {
  /** Undefined where the point is not on the price axis. */
  priceAt(event: PointerEvent): string | undefined;
  onPrice(price: string): void;
}

/** A press that moves further scales the axis. */
const slackPx = 4;

/** A click on the price axis is a wish for an alert there; what it would be for is shown under the pointer. */
export function watchAxis(container: HTMLElement, { priceAt, onPrice }: Axis): () => void {
  const hint = document.createElement('div');
  hint.className = 'axis-hint';
  hint.hidden = true;
  hint.setAttribute('aria-hidden', 'true');
  container.append(hint);
  let pressedAt: number | undefined;

  const onMove = (event: PointerEvent) => {
    const price = event.pointerType === 'mouse' ? priceAt(event) : undefined;
    hint.hidden = price === undefined;
    if (price === undefined) return;
    hint.textContent = `+ ${grouped(price)}`;
    hint.style.transform = `translateY(${event.clientY - container.getBoundingClientRect().top}px)`;
  };
  const onDown = (event: PointerEvent) => {
    pressedAt = priceAt(event) === undefined ? undefined : event.clientY;
  };
  const onUp = (event: PointerEvent) => {
    const price =
      pressedAt !== undefined && Math.abs(event.clientY - pressedAt) <= slackPx ? priceAt(event) : undefined;
    pressedAt = undefined;
    if (price !== undefined) onPrice(price);
  };
  const onLeave = () => {
    hint.hidden = true;
  };
  // Before the chart's own, which keeps some of them to itself.
  const early = { capture: true };
  container.addEventListener('pointermove', onMove, early);
  container.addEventListener('pointerdown', onDown, early);
  container.addEventListener('pointerup', onUp, early);
  container.addEventListener('pointerleave', onLeave);
  return () => {
    container.removeEventListener('pointermove', onMove, early);
    container.removeEventListener('pointerdown', onDown, early);
    container.removeEventListener('pointerup', onUp, early);
    container.removeEventListener('pointerleave', onLeave);
    hint.remove();
  };
}
