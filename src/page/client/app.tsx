import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PageState } from '../protocol.js';
import { AlertList } from './alert-list.js';
import { AlertScreen } from './alert-screen.js';
import { getState } from './api.js';
import { editsOf, type Notice, type Page } from './editing.js';
import { HistoryScreen } from './history/history-screen.js';
import { useKeys } from './keys.js';
import { KeysDialog } from './keys-dialog.js';
import { type Connection, watchServer } from './live.js';
import { MarketScreen, MarketsScreen } from './market-screen.js';
import { NewAlert } from './new-alert.js';
import { Notices } from './notices.js';
import { goTo, newHash, type Route, useRoute } from './route.js';
import { shownInstant } from './shown.js';
import { StatusScreen } from './status/status-screen.js';
import { TopBar } from './top-bar.js';

function Screen({ route, page }: { readonly route: Route; readonly page: Page }) {
  switch (route.screen) {
    case 'alert':
      return <AlertScreen key={route.id} id={route.id} page={page} />;
    case 'new':
      return <NewAlert key={JSON.stringify(route.cells)} cells={route.cells} page={page} />;
    case 'markets':
      return <MarketsScreen page={page} />;
    case 'market':
      return <MarketScreen key={JSON.stringify(route.market)} market={route.market} page={page} />;
    case 'history':
      return <HistoryScreen page={page} />;
    case 'status':
      return <StatusScreen page={page} />;
    case 'alerts':
      return <AlertList page={page} />;
  }
}

/** An older state that comes late changes nothing. */
const newer = (known: PageState | undefined, came: PageState): PageState =>
  known !== undefined && known.now > came.now ? known : came;

function useLive() {
  const [state, setState] = useState<PageState>();
  const [connection, setConnection] = useState<Connection>('connecting');
  const take = (came: PageState) => setState((known) => newer(known, came));
  useEffect(() => watchServer({ onState: take, onConnection: setConnection }), []);
  const reload = async () => {
    const came = await getState();
    if (came.ok) take(came.value);
  };
  return { state, connection, reload };
}

export function App() {
  const route = useRoute();
  const { state, connection, reload } = useLive();
  const [notices, setNotices] = useState<readonly (Notice & { readonly id: number })[]>([]);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const said = useRef(0);
  const say = (notice: Notice) => setNotices((shown) => [...shown.slice(-2), { ...notice, id: said.current++ }]);
  const edits = useMemo(() => editsOf(say, reload), []);
  useKeys({ '?': () => setHelpOpen(true), n: () => goTo(newHash()) });
  return (
    <>
      <TopBar route={route} connection={connection} onHelp={() => setHelpOpen(true)} />
      {connection === 'lost' && (
        <p class="banner" role="alert">
          The page's server does not answer
          {state !== undefined && `; what you see is from ${shownInstant(state.now, state.timeZone)}`}. The page goes on
          trying; if that does not help, start <code>trading-alerts page</code> again.
        </p>
      )}
      <main>
        {state === undefined ? <p class="empty">Loading…</p> : <Screen route={route} page={{ state, edits, say }} />}
      </main>
      <Notices notices={notices} onClose={(id) => setNotices((shown) => shown.filter((notice) => notice.id !== id))} />
      {isHelpOpen && <KeysDialog onClose={() => setHelpOpen(false)} />}
    </>
  );
}
