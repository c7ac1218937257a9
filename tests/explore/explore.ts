import { type Part, repeatCommand } from './parts.js';
import type { Failure } from './play.js';

/** Enough to see what is wrong; the command shows all of it. */
const linesShown = 25;

const indented = (text: string): string =>
  text
    .split('\n')
    .slice(0, linesShown)
    .map((line) => `    ${line}`)
    .join('\n');

export interface Exploration {
  readonly parts: readonly Part[];
  readonly minutes: number;
  /** ms */
  now(): number;
  drawSeed(): number;
  play(part: Part, seed: number): Promise<readonly Failure[]>;
  /** How far it has come. */
  tell(line: string): void;
  /** What it has found. */
  print(text: string): void;
}

/** Part after part with a new seed each, once through at least, until the time is over. The commands that repeat what failed. */
export async function explore({ parts, minutes, now, drawSeed, play, tell, print }: Exploration): Promise<string[]> {
  const begunAt = now();
  const until = begunAt + minutes * 60_000;
  const seconds = (since: number) => Math.round((now() - since) / 1_000);
  const commands: string[] = [];
  let seeds = 0;
  for (let round = 1; round === 1 || now() < until; round += 1) {
    for (const part of parts) {
      if (round > 1 && now() >= until) break;
      const seed = drawSeed();
      const partBegunAt = now();
      const failures = await play(part, seed);
      seeds += 1;
      const outcome = failures.length === 0 ? 'well' : `${failures.length} failed`;
      tell(
        `${seconds(begunAt)} s: round ${round}, ${part.name}, ${part.seedName}=${seed}: ${outcome} (${seconds(partBegunAt)} s)`,
      );
      for (const { file, title, message } of failures) {
        const command = repeatCommand(part, seed, file);
        print(`\n${command}\n  ${title}\n${indented(message)}\n`);
        if (!commands.includes(command)) commands.push(command);
      }
    }
  }
  print(`${seeds} seeds in ${seconds(begunAt)} s, ${commands.length === 0 ? 'none failed' : 'these failed:'}`);
  for (const command of commands) print(`  ${command}`);
  return commands;
}
