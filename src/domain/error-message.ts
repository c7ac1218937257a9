/** What an error says, in one line's worth of text. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
