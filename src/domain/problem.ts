/** What is wrong, and what to do about it where that is known: apart, because either may hold any text. */
export interface Problem {
  readonly message: string;
  readonly remedy?: string;
}

/** As one sentence. */
export const problemText = ({ message, remedy }: Problem): string =>
  remedy === undefined ? message : `${message}; ${remedy}`;
