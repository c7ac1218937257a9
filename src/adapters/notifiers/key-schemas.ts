import * as v from 'valibot';

/** Text without spaces around it. `expected` is all that is said of what does not match. */
export const keyText = (pattern: RegExp, expected: string) =>
  v.pipe(v.string(expected), v.trim(), v.regex(pattern, expected));

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);

/** A whole URL; plain http to this machine only, as for simulators. `fits` is asked about every other host's. */
export const keyUrl = (expected: string, fits: (url: URL) => boolean) =>
  v.pipe(
    v.string(expected),
    v.trim(),
    v.maxLength(2000, expected),
    v.check((text) => {
      if (!URL.canParse(text)) return false;
      const url = new URL(text);
      if (url.username + url.password + url.hash !== '') return false;
      if (isLoopback(url.hostname)) return /^https?:$/.test(url.protocol);
      return url.protocol === 'https:' && fits(url);
    }, expected),
  );
