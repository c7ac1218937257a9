import type { Told } from './campaign.js';

/** The figures of many scenarios; plain, so that it can be sent between processes. */
export interface Tally {
  scenarios: number;
  faults: number;
  fires: number;
  lost: number;
  doubled: number;
  labelledRepeats: number;
  problems: number;
}

export const emptyTally = (): Tally => ({
  scenarios: 0,
  faults: 0,
  fires: 0,
  lost: 0,
  doubled: 0,
  labelledRepeats: 0,
  problems: 0,
});

export function count(tally: Tally, { verdict, met }: Told): void {
  tally.scenarios += 1;
  tally.faults += met.length;
  tally.fires += verdict.fires;
  tally.lost += verdict.lost;
  tally.doubled += verdict.doubled;
  tally.labelledRepeats += verdict.labelledRepeats;
  tally.problems += verdict.problems.length > 0 ? 1 : 0;
}

export function add(tally: Tally, other: Tally): void {
  for (const key of Object.keys(other) as (keyof Tally)[]) tally[key] += other[key];
}

/** What one needs to play a bad scenario again and to see what is wrong. */
export const described = ({ scenario, met, verdict }: Told): string =>
  `${JSON.stringify(scenario)}\n  met: ${met.join(', ') || 'no fault'}\n  ${verdict.problems.join('\n  ')}`;
