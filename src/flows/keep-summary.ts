import { cutText } from '../domain/cut-text.js';
import { messageOf } from '../domain/error-message.js';
import type { Ports } from './ports/ports.js';
import type { Run } from './run.js';
import type { KeptSummary, Summary } from './summary.js';

/** A write costs a unit for each kilobyte, and an item holds 400 of them. */
const mostBytes = 32_768;
const mostEntries = 100;
const longestText = 500;

const bytesOf = (kept: KeptSummary): number => new TextEncoder().encode(JSON.stringify(kept)).length;

const withShortTexts = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_, each) => (typeof each === 'string' ? cutText(each, longestText) : each));

function withAtMost(summary: Summary, most: number): KeptSummary {
  const leftOut: Record<string, number> = {};
  const cut = <Entry>(name: string, list: readonly Entry[]): readonly Entry[] => {
    if (list.length > most) leftOut[name] = list.length - most;
    return list.slice(0, most);
  };
  const { sheet, markets } = summary;
  const kept = {
    ...summary,
    sheet: {
      ...sheet,
      rowErrors: cut('sheet.rowErrors', sheet.rowErrors),
      warnings: cut('sheet.warnings', sheet.warnings),
    },
    markets: { ...markets, failed: cut('markets.failed', markets.failed) },
    fired: cut('fired', summary.fired),
    untold: cut('untold', summary.untold),
    problems: cut('problems', summary.problems),
    advice: cut('advice', summary.advice),
  };
  return { summary: withShortTexts(kept), leftOut };
}

/** Small enough for an item, whatever went wrong: the first entries of each list, and how many were left out. */
export function keptSummary(summary: Summary): KeptSummary {
  let most = mostEntries;
  let kept = withAtMost(summary, most);
  while (most > 0 && bytesOf(kept) > mostBytes) {
    most = most >> 1;
    kept = withAtMost(summary, most);
  }
  return kept;
}

/** For whoever asks how the last run went. A dry run leaves the last real one there. The problem, where it was not kept. */
export async function keepSummary(
  { store, log }: Pick<Ports, 'store' | 'log'>,
  summary: Summary,
  run: Run,
): Promise<readonly string[]> {
  if (run.isDryRun) return [];
  try {
    await store.saveSummary(keptSummary(summary));
    return [];
  } catch (error) {
    const reason = messageOf(error);
    log.warn('the last summary is not kept', { reason });
    return [reason];
  }
}
