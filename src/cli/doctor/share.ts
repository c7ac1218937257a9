import { whyNotReplaced } from '../../adapters/sheet/csv-file.js';
import type { GoogleAccess } from '../../adapters/sheet/google-api.js';
import { readGoogleShare } from '../../adapters/sheet/google-share.js';
import { findAnswerColumns } from '../../domain/answer-columns.js';
import type { Table } from '../../domain/columns.js';
import { problemText } from '../../domain/problem.js';
import { type Finding, right, skipped } from './findings.js';

/** The check of what may be written. */
export const shareCheck = 'share';

const answersIn = (table: Table): boolean => findAnswerColumns(table[0] ?? []).size > 0;

/** A viewer's share is enough where nothing is to be written. */
export async function googleShare(access: GoogleAccess, email: string, table: Table): Promise<Finding> {
  const share = await readGoogleShare(access);
  if (!share.ok) return skipped(shareCheck, `whether ${email} may edit is not known: ${problemText(share.error)}`);
  if (share.value === 'editor') {
    const unused = answersIn(table) ? '' : '; it has no answer columns: trading-alerts sheet columns adds them';
    return right(shareCheck, `as an editor, so the sheet can answer${unused}`);
  }
  if (!answersIn(table)) return right(shareCheck, 'as a viewer, which is enough: the sheet has no answer columns');
  return right(
    shareCheck,
    'as a viewer: the sheet has answer columns, and nothing can be written into them',
    `share the sheet with ${email} as an editor, or delete the answer columns`,
  );
}

export async function csvShare(path: string, table: Table): Promise<Finding> {
  const problem = await whyNotReplaced(path);
  if (problem === undefined) return right(shareCheck, `${path} can be written`);
  const { message, remedy } = problem;
  const loss = answersIn(table) ? 'its answer columns stay as they are' : 'no row can be edited from here';
  return right(shareCheck, `${message}: ${loss}`, remedy);
}
