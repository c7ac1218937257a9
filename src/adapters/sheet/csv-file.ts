import { randomUUID } from 'node:crypto';
import { access, constants, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { EditProblem } from '../../domain/edit/problem.js';
import { err, ok, type Result } from '../../domain/result.js';
import { errorCode } from '../error-code.js';

/** A file as it was read. */
export interface ReadFile {
  /** Not the link that led there. */
  readonly path: string;
  readonly bytes: Buffer;
  /** Undefined where there is none yet. */
  readonly mode: number | undefined;
  readonly changedAt: number | undefined;
}

type Failed = Result<never, EditProblem>;

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** An empty one where there is no such file. Throws where it cannot be read. */
export async function readForEdit(path: string): Promise<ReadFile> {
  try {
    const real = await realpath(path);
    const { mode, mtimeMs } = await stat(real);
    return { path: real, bytes: await readFile(real), mode, changedAt: mtimeMs };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return { path, bytes: Buffer.alloc(0), mode: undefined, changedAt: undefined };
  }
}

/** LibreOffice keeps such a file beside each one that it has open; what it saves would undo the edit. */
async function openElsewhere(path: string): Promise<Failed | undefined> {
  const lock = join(dirname(path), `.~lock.${basename(path)}#`);
  if (!(await isThere(lock))) return undefined;
  const message = `${path} is open in LibreOffice`;
  return err({ kind: 'open-elsewhere', message, remedy: `close it there, or delete ${lock} if it is not` });
}

async function changedMeanwhile(read: ReadFile): Promise<Failed | undefined> {
  const now = await readForEdit(read.path);
  if (now.changedAt === read.changedAt && now.bytes.equals(read.bytes)) return undefined;
  return err({ kind: 'changed-meanwhile', message: `${read.path} was changed meanwhile`, remedy: 'try again' });
}

async function writeThrough(path: string, bytes: Buffer, mode: number | undefined): Promise<void> {
  const file = await open(path, 'wx', mode ?? 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** So that the new name outlasts a crash too. Windows opens no folder. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const notWritten = (path: string, code: string): EditProblem => ({
  kind: 'protected',
  message: `${path} cannot be written (${code})`,
  remedy: 'see that this user may write the file and its folder',
});

/** As far as that is known before anything is written; undefined where nothing is in the way. */
export async function whyNotReplaced(path: string): Promise<EditProblem | undefined> {
  try {
    const real = await realpath(path);
    const refused = await openElsewhere(real);
    if (refused !== undefined && !refused.ok) return refused.error;
    // The new file is made beside the old one.
    await access(dirname(real), constants.W_OK);
    return undefined;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return notWritten(path, code);
  }
}

/** The file is the old one or the new one at any moment, and nobody else's change is written over. */
export async function replaceFile(read: ReadFile, bytes: Buffer): Promise<Result<undefined, EditProblem>> {
  const refused = (await openElsewhere(read.path)) ?? (await changedMeanwhile(read));
  if (refused !== undefined) return refused;
  const temporary = join(dirname(read.path), `.${basename(read.path)}.${randomUUID()}.tmp`);
  try {
    await writeThrough(temporary, bytes, read.mode);
    const late = (await openElsewhere(read.path)) ?? (await changedMeanwhile(read));
    if (late !== undefined) return late;
    await rename(temporary, read.path);
    await syncFolder(dirname(read.path));
    return ok(undefined);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return err(notWritten(read.path, code));
  } finally {
    await rm(temporary, { force: true });
  }
}
