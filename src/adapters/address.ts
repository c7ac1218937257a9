/** A path on a configured origin; an origin that is a proxy with a path of its own keeps it. */
export function address(origin: string, path: string, query: readonly (readonly [string, string])[] = []): URL {
  const url = new URL(origin);
  url.pathname = url.pathname.replace(/\/+$/, '') + path;
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url;
}
