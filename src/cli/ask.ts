import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';

export interface Asker {
  /** The next line, trimmed; undefined where the input has ended. `isHidden`: nothing of it is shown. */
  ask(question: string, isHidden: boolean): Promise<string | undefined>;
  /** Aborted by Ctrl-C: what is waited for in between is to end. */
  readonly interrupted: AbortSignal;
  close(): void;
}

/** A terminal, or a file or pipe with an answer a line. Questions go to `screen`. */
export function createAsker(input: Readable & { readonly isTTY?: boolean }, screen: Writable): Asker {
  let isHidden = false;
  const echo = new Writable({
    write(chunk, _encoding, done) {
      if (!isHidden) screen.write(chunk);
      done();
    },
  });
  // Without a history, or the arrow key would show a hidden answer at the next question.
  const lines = createInterface({ input, output: echo, terminal: input.isTTY === true, historySize: 0 });
  // Unlike `question`, it keeps the lines that came before they were asked for.
  const answers = lines[Symbol.asyncIterator]();
  let hasEnded = false;
  lines.once('close', () => {
    hasEnded = true;
  });
  const interruption = new AbortController();
  // Of a terminal only; without one the system ends the program.
  lines.once('SIGINT', () => {
    interruption.abort();
    lines.close();
  });
  const show = (question: string): void => {
    if (input.isTTY !== true || hasEnded) {
      screen.write(`${question}\n`);
      return;
    }
    lines.setPrompt(question);
    lines.prompt();
  };
  return {
    async ask(question, shallHide) {
      show(question);
      isHidden = shallHide;
      const { done, value } = await answers.next();
      isHidden = false;
      // The line break was hidden too.
      if (shallHide && input.isTTY) screen.write('\n');
      return done ? undefined : String(value).trim();
    },
    interrupted: interruption.signal,
    close: () => lines.close(),
  };
}
