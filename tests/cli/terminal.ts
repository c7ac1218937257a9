import { PassThrough, Readable } from 'node:stream';
import { type Asker, createAsker } from '../../src/cli/ask.js';

/** Where the answers come as from a pipe, one a line. */
export function openTerminal(answers: readonly string[], asker?: Asker) {
  const screen = new PassThrough({ encoding: 'utf8' });
  const used = asker ?? createAsker(Readable.from(answers.map((answer) => `${answer}\n`)), screen);
  return {
    asker: used,
    tell: (text: string) => void screen.write(`${text}\n`),
    /** Closes it, and gives what was said line by line: the questions, and what was said to the answers. */
    close: async (): Promise<string[]> => {
      used.close();
      screen.end();
      return (await screen.toArray()).join('').split('\n').slice(0, -1);
    },
  };
}
