import type { AlertState } from '../../protocol.js';

/** A line of the chart: what it says of itself, and where it stands. */
export interface HeldLine {
  /** For who does not see the chart: `BTCUSDT above: target`. */
  readonly name: string;
  /** On its mark. */
  readonly label: string;
  readonly look: string;
  readonly isOwn: boolean;
  readonly price: string;
}

export interface ChartLine extends HeldLine {
  readonly key: string;
  readonly state: AlertState;
  readonly canMove: boolean;
}

/** What a line bears at its end: a handle, or only a name where it cannot be moved. */
export interface LineMark {
  readonly element: HTMLElement;
  /** Where it stands now, saved or not. */
  price(): string;
  update(line: HeldLine): void;
}
