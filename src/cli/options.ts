import { type Command, InvalidArgumentError, Option } from 'commander';
import ms, { type StringValue } from 'ms';
import { readInstant } from './instant.js';

export const asJson = () => new Option('--json', 'print one JSON document a line, for programs');
export const secretId = () =>
  new Option('--secret <id>', 'the secret in Secrets Manager (default: SECRET_ID)').implies({ aws: true });
export const region = () => new Option('--region <region>', "of the stack (default: AWS_REGION, or the profile's)");

/** Which sheet is meant, and where the key for it is. */
export const onSheet = (command: Command): Command =>
  command
    .option('--sheet <file|google>', 'a CSV file with the columns of the sheet, or google', 'alerts.csv')
    .addOption(
      new Option('--secret <id>', 'the secret in Secrets Manager (default: secrets.json)').implies({ aws: true }),
    )
    .addOption(new Option('--region <region>', 'of that secret').implies({ aws: true }))
    .addOption(asJson());

/** Which table is looked into: that of this folder, or the deployed one; and the sheet that belongs to it. */
export const onTable = (command: Command): Command =>
  onSheet(command).addOption(
    new Option('--table <name>', 'the deployed table (default: that of this folder)').implies({ aws: true }),
  );

/** How a command names one row. */
export const rowOrId = [
  '<row-or-id>',
  'the number of the row, or the id of the alert (id:5 where that is a number)',
] as const;

/** The Scheduler's shortest interval is a minute; a laptop may look more often, but not hammer the exchanges. */
const shortestWatchMs = 10_000;

export function readInterval(text: string): number {
  const interval = /^\d+(\.\d+)?\s*(s|m|h)$/.test(text) ? ms(text as StringValue) : undefined;
  if (interval === undefined || interval < shortestWatchMs) {
    throw new InvalidArgumentError(`expected a time such as 30s, 5m or 1h, at least 10s, got "${text}".`);
  }
  return interval;
}

export function readEvery(text: string): number {
  const interval = /^\d+(\.\d+)?\s*(s|m|h|d)$/.test(text) ? ms(text as StringValue) : undefined;
  if (interval === undefined || interval < ms('1s')) {
    throw new InvalidArgumentError(`expected a time such as 1m, 5m or 1h, got "${text}".`);
  }
  return interval;
}

/** ms since 1970 of `7d` ago, or of an instant. */
export function readSince(text: string): number {
  const ago = /^\d+(\.\d+)?\s*(m|h|d|w)$/.test(text) ? ms(text as StringValue) : undefined;
  if (ago !== undefined) return Date.now() - ago;
  const instant = readInstant(text);
  if (instant !== undefined) return instant;
  throw new InvalidArgumentError(`expected a time such as 12h, 7d or 2026-11-20, got "${text}".`);
}

export function readCount(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError(`expected a whole number from 1 to 99999, got "${text}".`);
}

export function readDays(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError(`expected a whole number of days from 1 to 999, got "${text}".`);
}

export function readTime(text: string): number {
  const instant = readInstant(text);
  if (instant !== undefined) return instant;
  throw new InvalidArgumentError(`expected a time such as 2023-03-01T14:05Z, got "${text}".`);
}
