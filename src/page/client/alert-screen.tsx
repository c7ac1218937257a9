import { useMemo, useState } from 'preact/hooks';
import { dayMs } from '../../domain/time.js';
import type { AlertView } from '../protocol.js';
import type { BacktestView, HistoryView } from '../protocol-views.js';
import { AlertForm } from './alert-form.js';
import { Facts, Title } from './alert-head.js';
import { ChartPanel } from './chart/chart-panel.js';
import { Ask } from './dialog.js';
import type { Page } from './editing.js';
import type { FormCells } from './form-check.js';
import { AlertHistory } from './history/alert-history.js';
import { firesOf } from './history/fires.js';
import { useHistory } from './history/use-history.js';
import { useKeys } from './keys.js';
import { goTo } from './route.js';
import { ReadOnly } from './row-errors.js';
import { marketKeyOf, pricesByMarket, titleOf } from './shown.js';
import { WhyPanel } from './why-panel.js';

const cellsOf = ({ target, ...alert }: AlertView): FormCells => ({
  symbol: alert.symbol,
  condition: alert.condition,
  price: target,
  exchange: alert.exchange,
  user: alert.user,
  repeat: alert.repeat,
  expires: alert.expires,
  priority: alert.priority,
  notify: alert.notify,
  name: alert.name,
  notes: alert.notes,
});

function Gone() {
  return (
    <div class="empty">
      <h1>No such alert</h1>
      <p>Its row may have been deleted or changed.</p>
      <a class="button" href="#/">
        All alerts
      </a>
    </div>
  );
}

interface Props {
  readonly id: string;
  readonly page: Page;
}

export function AlertScreen({ id, page }: Props) {
  const alert = page.state.alerts.find((each) => each.id === id);
  return alert === undefined ? <Gone /> : <Alert alert={alert} page={page} />;
}

interface ChartProps {
  readonly alert: AlertView;
  readonly page: Page;
  readonly history: HistoryView | undefined;
  readonly test: BacktestView | undefined;
}

/** Of its market, or of the one that a test has found for the row as it stands in the form. */
function ItsChart({ alert, page, history, test }: ChartProps) {
  const market = test?.market ?? alert.market;
  const marks = useMemo(() => firesOf(history, market), [history, market && marketKeyOf(market)]);
  if (market === undefined)
    return (
      <p class="empty">No exchange has given a price for {alert.symbol} yet; the chart comes with the first one.</p>
    );
  return <ChartPanel key={marketKeyOf(market)} {...{ market, page, ownId: alert.id, marks, test }} />;
}

function Alert({ alert, page }: { readonly alert: AlertView; readonly page: Page }) {
  const { state, edits, say } = page;
  const [isAsking, setAsking] = useState(false);
  const last = alert.market && pricesByMarket(state.prices).get(marketKeyOf(alert.market))?.price;
  const canEdit = state.sheet.readOnly === undefined;
  const [test, setTest] = useState<BacktestView>();
  const history = useHistory(state, { lastMs: 400 * dayMs, alertId: alert.id, atMost: 200 });
  const toggle = () => canEdit && void (alert.active ? edits.pause([alert]) : edits.resume([alert]));
  useKeys({ e: () => document.getElementById('cell-price')?.focus(), p: toggle });

  async function onAnswer(isYes: boolean) {
    setAsking(false);
    const gone = isYes ? await edits.remove([alert]) : [];
    if (gone.length > 0) goTo('#/');
  }
  return (
    <>
      <Title alert={alert} page={page} onToggle={toggle} onDelete={() => setAsking(true)} />
      <ReadOnly sheet={state.sheet} />
      <Facts alert={alert} last={last} />
      <div class="split">
        <ItsChart alert={alert} page={page} history={history.value} test={test} />
        <AlertForm
          state={state}
          row={cellsOf(alert)}
          isNew={false}
          last={last}
          onTest={setTest}
          save={async (row) => {
            const answer = await edits.change(alert.id, row);
            if (answer.ok)
              say({ kind: 'done', text: [`Saved in row ${answer.value.row}`, ...answer.value.notes].join('; ') });
            if (answer.ok && answer.value.id !== alert.id) goTo(`#/alert/${encodeURIComponent(answer.value.id)}`);
            return answer;
          }}
        />
        <div class="stack">
          <WhyPanel alert={alert} timeZone={state.timeZone} />
          <AlertHistory asked={history} timeZone={state.timeZone} />
        </div>
      </div>
      {isAsking && (
        <Ask
          title={`Delete ${titleOf(alert)}?`}
          text="The row goes from the sheet, and the alert with it."
          yes="Delete"
          no="Keep"
          isDangerous
          onAnswer={onAnswer}
        />
      )}
    </>
  );
}
