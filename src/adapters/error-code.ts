/** `ENOENT`, `ECONNREFUSED`: what the system calls a failure. Never longer than a word, so that no text slips through. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^\w{1,60}$/.test(error.code) ? error.code : undefined;
}
