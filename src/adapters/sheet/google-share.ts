import { err, ok, type Result } from '../../domain/result.js';
import type { EditError } from '../../flows/ports/sheet-editor.js';
import { rangeOf } from './a1.js';
import { createGoogleApi, type GoogleAccess } from './google-api.js';

/**
 * What the service account may do with the sheet. A read does not say, and Drive, which does, would need another scope and
 * another API switched on; so a write is sent that leaves its only cell as it is.
 * https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.values#ValueRange (null is skipped)
 */
export async function readGoogleShare(access: GoogleAccess): Promise<Result<'editor' | 'viewer', EditError>> {
  const nothing = { range: `${rangeOf(access.tab)}!A1`, majorDimension: 'ROWS', values: [[null]] };
  const answer = await createGoogleApi(access, 'edit').post('/values:batchUpdate', [['fields', 'totalUpdatedCells']], {
    valueInputOption: 'RAW',
    data: [nothing],
  });
  // Only an editor is told that a cell is protected.
  if (answer.ok || answer.error.kind === 'protected') return ok('editor');
  return answer.error.kind === 'not-editor' ? ok('viewer') : err(answer.error);
}
