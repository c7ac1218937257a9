import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Debian's, and Chrome as it installs itself. https://packages.debian.org/chromium-headless-shell */
export const browserPlaces = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/opt/google/chrome/chrome'];

/** Undefined where there is none; what `CHROMIUM_PATH` names has to be there. */
export const browserPath: string | undefined =
  process.env.CHROMIUM_PATH ?? browserPlaces.find((path) => existsSync(path));

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ ...(browserPath !== undefined && { executablePath: browserPath }), args: ['--no-sandbox'] });

export interface Visit {
  readonly page: Page;
  /** Errors of the console and of the page, and requests that left its origin: none may be. */
  readonly faults: string[];
}

/** A page of its own, of which every error is kept. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    const asked = request.url();
    if (new URL(asked).origin !== new URL(url).origin && !asked.startsWith('data:')) faults.push(`asked ${asked}`);
  });
  await page.goto(url);
  return { page, faults };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

interface Axe {
  run(options: object): Promise<AxeResult>;
}

/** Every rule that the screen breaks, and where; of all rules, or of those that are named. */
export async function axeViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in globalThis);
  if (!isThere) await page.evaluate(axeSource);
  const { violations } = await page.evaluate(
    (options) => (globalThis as unknown as { axe: Axe }).axe.run(options),
    rules === undefined ? {} : { runOnly: [...rules] },
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
