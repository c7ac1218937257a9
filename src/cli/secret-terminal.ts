import type { Asker } from './ask.js';

export interface SecretTerminal {
  readonly asker: Asker;
  /** About the work; never a secret. */
  tell(text: string): void;
}

export const ended = 'the input ended before every question was answered; nothing was written';
