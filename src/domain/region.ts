import type { Problem } from './problem.js';

/** https://www.binance.com/en/legal/list-of-prohibited-countries, https://bybit-exchange.github.io/docs/v5/error (403) */
const refusedPlaces: readonly { readonly prefix: string; readonly place: string }[] = [
  // us-gov-* and us-iso* too.
  { prefix: 'us-', place: 'in the United States' },
  { prefix: 'cn-', place: 'in mainland China' },
];

/** Of any partition, whether or not AWS has it by now. */
export const isRegion = (text: string): boolean => /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(text);

/** Why no alert could be checked from this AWS region; undefined where nothing is wrong with it. */
export function regionProblem(region: string | undefined): Problem | undefined {
  if (region === undefined || region.trim() === '') {
    return { message: 'is not set', remedy: 'expected an AWS region such as eu-central-1' };
  }
  if (!isRegion(region)) {
    const got = region.length <= 20 ? `"${region}"` : `${region.length} characters`;
    return { message: `expected an AWS region such as eu-central-1, got ${got}` };
  }
  const refused = refusedPlaces.find(({ prefix }) => region.startsWith(prefix));
  if (refused === undefined) return undefined;
  return {
    message: `${region} is ${refused.place}, and exchanges refuse addresses from there`,
    remedy: 'use a region such as eu-central-1 or ap-northeast-1',
  };
}
