import type { PageState } from '../protocol.js';
import { getState } from './api.js';

export type Connection = 'connecting' | 'live' | 'lost';

export interface Watcher {
  onState(state: PageState): void;
  onConnection(connection: Connection): void;
}

const retryMs = 2_000;

/**
 * Follows the server's events, and asks for the state at every new beginning, since what happened meanwhile is not sent
 * again. A hidden page listens to nothing: a browser gives one host six connections only.
 */
export function watchServer({ onState, onConnection }: Watcher): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const load = async () => {
    const state = await getState();
    if (state.ok) onState(state.value);
  };

  function close() {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  }

  function open() {
    close();
    const opened = new EventSource('/api/events');
    source = opened;
    opened.onopen = () => {
      onConnection('live');
      void load();
    };
    opened.addEventListener('state', ({ data }) => onState(JSON.parse(data) as PageState));
    opened.onerror = () => {
      onConnection('lost');
      // After a refusal the browser does not try again by itself.
      if (opened.readyState === EventSource.CLOSED) retry = setTimeout(open, retryMs);
    };
  }

  const onVisibility = () => (document.visibilityState === 'hidden' ? close() : open());
  document.addEventListener('visibilitychange', onVisibility);
  open();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    close();
  };
}
