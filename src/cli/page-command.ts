import { once } from 'node:events';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { App, WiredApp } from '../app.js';
import { messageOf } from '../domain/error-message.js';
import type { SheetEditor } from '../flows/ports/sheet-editor.js';
import type { SheetName } from '../page/server/board.js';
import { type Page, startPage } from '../page/server/start.js';
import { readStaticFiles } from '../page/server/static-files.js';
import type { Doctor } from '../page/server/status.js';
import { checkOnce, untilNext } from './check-command.js';
import { openDeployed } from './deployed.js';
import { examineHere } from './doctor/command.js';
import { openEditedSheet, type SheetOptions } from './edited-sheet.js';
import { createLaptopApp, isStoreFailure, openLaptopBesideCheck, readLocalConfig, usersFileBeside } from './laptop.js';
import { openBrowser } from './open-browser.js';
import { pageHost } from './page-host.js';
import { readTokenFile } from './page-token.js';
import { print, tell } from './print.js';

export interface PageCommandOptions {
  readonly port: number;
  readonly host?: string;
  /** `google`, or a CSV file; undefined: the usual one. */
  readonly sheet?: string;
  /** Each of these three means the deployed stack. */
  readonly region?: string;
  readonly table?: string;
  readonly secret?: string;
  /** ms between two checks; undefined leaves them to others. */
  readonly watch?: number;
  readonly open?: true;
  /** Undefined: with `host`, a token of this start. */
  readonly tokenFile?: string;
}

const refreshMs = 5_000;

/** What else the start may fail of says so itself. */
const startProblem = (port: number, error: unknown): Error => {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return error as Error;
  const other = `trading-alerts page --port ${port < 65_535 ? port + 1 : 7860}`;
  if (code === 'EADDRINUSE') {
    return new Error(
      `port ${port} is taken: by another "trading-alerts page", or by a program that likes the same port, as Gradio does with 7860. Stop it, or choose another port: ${other}`,
      { cause: error },
    );
  }
  return new Error(`port ${port} cannot be used (${code ?? messageOf(error)}); choose another: ${other}`, {
    cause: error,
  });
};

function sheetOptions({ sheet, region, table, secret }: PageCommandOptions): SheetOptions {
  const isDeployed = [region, table, secret].some((each) => each !== undefined);
  if (!isDeployed) return { sheet: sheet ?? 'alerts.csv' };
  if (sheet !== undefined && sheet !== 'google') {
    throw new Error('--region, --table and --secret are for the deployed stack, whose sheet is google');
  }
  const where = { ...(region !== undefined && { region }), ...(secret !== undefined && { secret }) };
  return { sheet: 'google', aws: true, ...where };
}

async function checkAgainAndAgain(app: App, page: Page, every: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const begunAt = Date.now();
    const summary = await checkOnce(app, { watch: every }, begunAt);
    await page.refresh(summary);
    await untilNext(begunAt + every, signal);
  }
}

function announce({ port }: Page, names: readonly string[], token: string | undefined, open: boolean): void {
  const [name] = names;
  const url = `http://${name}:${port}/${token === undefined ? '' : `?token=${token}`}`;
  print(`the page: ${url}`);
  if (token !== undefined) tell('whoever has this address can change the alerts; others are refused');
  if (open) openBrowser(url, () => tell('no browser could be opened; open the address above'));
}

/** Whose page it is, beside where it is served. */
interface Served {
  readonly app: WiredApp;
  readonly editor: SheetEditor;
  readonly sheet: SheetName;
  /** Files of the sheet whose changes are to be seen; none of a Google sheet. */
  readonly watched: readonly string[];
  readonly doctor: Doctor;
}

/** Serves the built page, and says where. */
export async function servePage(
  { app, editor, sheet, watched, doctor }: Served,
  options: Pick<PageCommandOptions, 'port' | 'host' | 'open' | 'tokenFile'>,
): Promise<Page> {
  const fixed = options.tokenFile === undefined ? undefined : await readTokenFile(options.tokenFile);
  const { host, names, token } = pageHost(options.host, fixed);
  const files = await readStaticFiles(fileURLToPath(new URL('./page', import.meta.url)));
  if (!files.has('/')) tell('the page itself is not built, so only its answers are served: run npm run build');
  const { ports } = app;
  const page = await startPage({
    ...{ ports, editor, sheet, watched, doctor, files, host, names, token, refreshMs },
    port: options.port,
    isOutage: isStoreFailure,
    onFault: (error) => tell(messageOf(error)),
  }).catch((error: unknown) => {
    throw startProblem(options.port, error);
  });
  announce(page, names, token, options.open ?? false);
  return page;
}

/** Serves the page until `signal` is aborted. Resolves to the exit code. */
export async function runPage(options: PageCommandOptions, signal: AbortSignal): Promise<number> {
  const where = sheetOptions(options);
  if (where.aws && options.watch !== undefined)
    throw new Error('--watch is for this machine: the Lambda checks by itself');
  const config = readLocalConfig(where.sheet);
  const { editor } = await openEditedSheet(where);
  const laptop = where.aws ? await openDeployed(options, config) : await openLaptopBesideCheck(config);
  try {
    const app = await createLaptopApp(config, laptop, where, print);
    const isCsv = where.sheet !== 'google';
    const sheet = isCsv
      ? ({ kind: 'csv', name: basename(where.sheet) } as const)
      : ({ kind: 'google', name: config.sheetTab } as const);
    const watched = isCsv ? [where.sheet, usersFileBeside(where.sheet)] : [];
    const { secret, region, table } = options;
    const asked = { ...where, ...(secret && { secret }), ...(region && { region }), ...(table && { table }) };
    const doctor = () => examineHere(asked);
    const page = await servePage({ app, editor, sheet, watched, doctor }, options);
    try {
      if (options.watch !== undefined) await checkAgainAndAgain(app, page, options.watch, signal);
      else if (!signal.aborted) await once(signal, 'abort');
      return 0;
    } finally {
      await page.close();
    }
  } finally {
    await laptop.close();
  }
}
