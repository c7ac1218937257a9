import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** A spreadsheet program writes a file in several steps. */
const settlingMs = 300;

/**
 * The folder and not the file: saving puts another file in its place, and a watch of the old one hears nothing more.
 * Gives what ends it.
 */
export function watchFile(path: string, onChange: () => void, onProblem: (error: unknown) => void): () => void {
  const name = basename(path);
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dirname(path), (_event, changed) => {
    if (changed !== null && changed !== name) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, settlingMs);
  });
  watcher.on('error', onProblem);
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
