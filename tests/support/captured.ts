import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A recorded answer of a real service; the folder lies beside the checkout where these tests are developed. */
export interface Captured {
  readonly file: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

const folder = join(process.cwd(), '..', 'shared', 'captured');

export function captured(service: string): Captured[] {
  const path = join(folder, service);
  if (!existsSync(path)) return [];
  return readdirSync(path).map((file) => {
    const { request, response } = JSON.parse(readFileSync(join(path, file), 'utf8'));
    const text =
      response.bodyText ?? (typeof response.body === 'string' ? response.body : JSON.stringify(response.body));
    return { file, url: request.url, status: response.status, headers: response.headers ?? {}, text };
  });
}
