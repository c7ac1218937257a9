import type { HeldLine, LineMark } from './line-mark.js';

/** Of a line that only follows from the prices. */
export function createFixedMark(first: HeldLine): LineMark {
  const element = document.createElement('div');
  let { price } = first;
  function update(line: HeldLine) {
    ({ price } = line);
    element.className = `handle fixed ${line.look}`;
    element.textContent = line.label;
    element.title = line.name;
  }
  update(first);
  return { element, price: () => price, update };
}
