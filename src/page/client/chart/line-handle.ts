import { grouped, shownDistance } from '../shown.js';
import type { HeldLine, LineMark } from './line-mark.js';
import { keyStep, roundedText, roundStep } from './steps.js';

/** What the handle needs of the chart around it. */
export interface Surroundings {
  priceAt(clientY: number): number | undefined;
  /** How much of the price one pixel is. */
  pricePerPixel(): number;
  precision(): number;
  last(): string | undefined;
  /** The scale stands still while the line is held, or it would run away under the pointer. */
  freeze(): void;
  thaw(): void;
  onShow(price: string): void;
  /** False where it could not be saved: then the line goes back. */
  onSave(price: string): Promise<boolean>;
}

/**
 * One button gives mouse, touch, keys and a screen reader. One piece, because all of them move the same price and end in
 * the same save.
 */
export function createHandle(first: HeldLine, around: Surroundings): LineMark {
  const element = document.createElement('button');
  element.type = 'button';
  element.setAttribute('role', 'slider');
  element.setAttribute('aria-orientation', 'vertical');
  let line = first;
  let shown = first.price;
  let mode: 'still' | 'held' | 'keyed' | 'saving' = 'still';

  function enter(next: typeof mode) {
    mode = next;
    element.dataset.mode = next;
  }

  function show(price: string) {
    shown = price;
    const last = around.last();
    const away = last === undefined ? undefined : ((Number(price) - Number(last)) / Number(last)) * 100;
    element.setAttribute('aria-valuenow', price);
    element.setAttribute(
      'aria-valuetext',
      away === undefined ? grouped(price) : `${grouped(price)}, ${shownDistance(away)} from the last price`,
    );
    element.textContent = mode === 'still' ? line.label : mode === 'saving' ? 'saving …' : grouped(price);
    around.onShow(price);
  }

  function takeBack() {
    enter('still');
    show(line.price);
  }

  async function save() {
    if (shown === line.price) return takeBack();
    const asked = shown;
    enter('saving');
    show(asked);
    const isSaved = await around.onSave(asked);
    if (isSaved) line = { ...line, price: asked };
    takeBack();
  }

  function byKey({ key, shiftKey }: KeyboardEvent): boolean {
    const way = key.endsWith('Up') ? 1 : -1;
    const precision = around.precision();
    if (!['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'].includes(key)) return false;
    const grid = shiftKey ? 10 ** -precision : keyStep(Number(line.price), precision);
    const steps = !shiftKey && key.startsWith('Page') ? 10 : 1;
    enter('keyed');
    show(roundedText(Number(shown) + way * steps * grid, grid, precision));
    return true;
  }

  element.onpointerdown = (event) => {
    if (event.button !== 0 || mode === 'saving') return;
    element.setPointerCapture(event.pointerId);
    around.freeze();
    enter('held');
    show(shown);
  };
  element.onpointermove = (event) => {
    if (mode !== 'held' || !element.hasPointerCapture(event.pointerId)) return;
    const price = around.priceAt(event.clientY);
    if (price === undefined) return;
    const precision = around.precision();
    show(roundedText(price, roundStep(around.pricePerPixel(), precision), precision));
  };
  element.onpointerup = () => {
    if (mode !== 'held') return;
    around.thaw();
    void save();
  };
  element.onpointercancel = () => {
    if (mode !== 'held') return;
    around.thaw();
    takeBack();
  };
  element.onkeydown = (event) => {
    if (mode === 'saving' || mode === 'held') return;
    if (event.key === 'Enter' && mode === 'keyed') void save();
    else if (event.key === 'Escape' && mode === 'keyed') takeBack();
    else if (!byKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  // What was moved by keys and not saved must not look saved.
  element.onblur = () => mode === 'keyed' && takeBack();

  function update(next: HeldLine) {
    line = next;
    element.className = `handle ${next.look} ${next.isOwn ? 'own' : ''}`;
    element.setAttribute('aria-label', next.name);
    if (mode === 'still') show(next.price);
  }
  enter('still');
  update(first);
  return { element, price: () => shown, update };
}
