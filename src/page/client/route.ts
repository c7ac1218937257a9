import { useEffect, useState } from 'preact/hooks';
import type { MarketView } from '../protocol.js';

export type Route =
  | { readonly screen: 'alerts' }
  | { readonly screen: 'alert'; readonly id: string }
  /** The cells that the form begins with. */
  | { readonly screen: 'new'; readonly cells: Readonly<Record<string, string>> }
  | { readonly screen: 'markets' }
  | { readonly screen: 'market'; readonly market: MarketView }
  | { readonly screen: 'history' }
  | { readonly screen: 'status' };

/** After the `#`, so that the server has one page only. What leads nowhere leads to the list. */
export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const [screen, ...rest] = path.split('/').filter((part) => part !== '');
  const [first = '', kind, symbol] = rest.map(decoded);
  if (screen === 'alert' && first !== '') return { screen, id: first };
  if (screen === 'new') return { screen, cells: Object.fromEntries(new URLSearchParams(query)) };
  if (screen === 'market' && (kind === 'spot' || kind === 'perpetual') && symbol !== undefined)
    return { screen, market: { exchange: first, kind, symbol } };
  if (screen === 'markets' || screen === 'history' || screen === 'status') return { screen };
  return { screen: 'alerts' };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const alertHash = (id: string): string => `#/alert/${encodeURIComponent(id)}`;

export const newHash = (cells: Readonly<Record<string, string>> = {}): string =>
  Object.keys(cells).length === 0 ? '#/new' : `#/new?${new URLSearchParams(cells)}`;

export const marketHash = ({ exchange, kind, symbol }: MarketView): string =>
  `#/market/${[exchange, kind, symbol].map(encodeURIComponent).join('/')}`;

export function goTo(hash: string): void {
  location.hash = hash;
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return readRoute(hash);
}
