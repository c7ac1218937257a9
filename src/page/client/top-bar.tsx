import type { Connection } from './live.js';
import type { Route } from './route.js';

const links = [
  { hash: '#/', text: 'Alerts', screens: ['alerts', 'alert', 'new'] },
  { hash: '#/markets', text: 'Markets', screens: ['markets', 'market'] },
  { hash: '#/history', text: 'History', screens: ['history'] },
  { hash: '#/status', text: 'Status', screens: ['status'] },
] as const;

const connectionTexts: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'No connection',
};

interface Props {
  readonly route: Route;
  readonly connection: Connection;
  onHelp(): void;
}

export function TopBar({ route, connection, onHelp }: Props) {
  return (
    <header class="top">
      <nav aria-label="Screens">
        {links.map(({ hash, text, screens }) => {
          const isHere = (screens as readonly string[]).includes(route.screen);
          return (
            <a key={hash} href={hash} {...(isHere && { 'aria-current': 'page' as const })}>
              {text}
            </a>
          );
        })}
      </nav>
      <span class={`connection ${connection}`}>{connectionTexts[connection]}</span>
      <button type="button" class="plain wide-only" onClick={onHelp}>
        Keys <kbd>?</kbd>
      </button>
      <a class="button primary" href="#/new">
        New<span class="wide-only"> alert</span>
      </a>
    </header>
  );
}
