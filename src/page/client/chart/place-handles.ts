interface Placed {
  readonly element: HTMLElement;
  readonly y: number | null;
  readonly isOwn: boolean;
}

const size = { height: 26, width: 110 };

/** Lines that lie close together have their handles side by side, so that each can be held; the own one at the axis. */
export function placeHandles(placed: readonly Placed[], paneHeight: number): void {
  const taken: number[][] = [];
  for (const { element, y } of placed.toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn))) {
    // Hidden it would lose the focus, and what its keys have moved so far: the scale follows in a moment.
    const isHeld = element === document.activeElement;
    const isSeen = y !== null && (isHeld || (y >= 0 && y <= paneHeight));
    element.classList.toggle('out', !isSeen);
    if (!isSeen) continue;
    let column = taken.findIndex((ys) => ys.every((other) => Math.abs(other - y) >= size.height));
    if (column === -1) column = taken.push([]) - 1;
    taken[column]?.push(y);
    element.style.transform = `translate(${-column * size.width}px, ${y}px)`;
  }
}
