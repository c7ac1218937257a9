import { type Cell, headerName } from './columns.js';

/** The columns in which the sheet answers; they hold nothing that a row asks for. */
export const answerTitles = ['status', 'last price', 'distance', 'fired at', 'times', 'answer'] as const;

export type AnswerTitle = (typeof answerTitles)[number];

/** Where they stand; those that are not there are left out. */
export function findAnswerColumns(header: readonly Cell[]): ReadonlyMap<AnswerTitle, number> {
  const names = header.map(headerName);
  return new Map(
    answerTitles.flatMap((title): [AnswerTitle, number][] => {
      const position = names.indexOf(headerName(title));
      return position < 0 ? [] : [[title, position]];
    }),
  );
}
