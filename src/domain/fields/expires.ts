/** When an alert's window closes. */
export interface Expires {
  /** As the row says it. */
  readonly text: string;
  /** The instant that it stands for (ms); of a duration counted from the first sight of the row, and kept from then on. */
  readonly at: number;
}

/** A price from this instant (ms) on may not fire the alert; undefined where it has no end. */
export const expiresAt = ({ expires }: { readonly expires: Expires | undefined }): number | undefined => expires?.at;
