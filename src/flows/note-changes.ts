import { messageOf } from '../domain/error-message.js';
import type { ChangeRecord } from '../domain/history.js';
import type { History } from './ports/history.js';

/** Never fails: what the history does not take is told, and stops nothing. */
export async function noteChanges(
  history: Pick<History, 'noteChanges'>,
  changes: readonly ChangeRecord[],
): Promise<readonly string[]> {
  if (changes.length === 0) return [];
  try {
    await history.noteChanges(changes);
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}
