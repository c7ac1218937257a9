import { useEffect } from 'preact/hooks';
import { priorities } from '../../domain/fields/priority.js';
import type { PageState } from '../protocol.js';
import type { BacktestView } from '../protocol-views.js';
import { BacktestResult } from './backtest/backtest-result.js';
import { type Backtest, useBacktest } from './backtest/use-backtest.js';
import { asOptions, ChoiceCell, LongCell, TextCell } from './form-cells.js';
import { conditionIn, exampleOf, firesAtOnce } from './form-check.js';
import { useKeys } from './keys.js';
import { grouped } from './shown.js';
import { type Form, type FormOf, useForm } from './use-form.js';

interface Props extends FormOf {
  /** Of its market, where that is known. */
  readonly last: string | undefined;
  /** What the row would have done; undefined where nothing is known of it as it stands. */
  onTest(test: BacktestView | undefined): void;
}

const usual = 'normal';

/** A blank cell is the usual one, and a row may say that in a word too. */
const priorityOptions = (own: string) =>
  asOptions(priorities).map(([name, text]) => [name === usual && own !== usual ? '' : name, text] as const);

/** Those for which the user has a key, where that is known. */
function channelsHint({ channels, userChannels }: PageState, user: string): string {
  const name = user === '' ? 'default' : user;
  const own = userChannels?.[name];
  if (own?.length === 0) return `${name} has no channel yet`;
  return own === undefined ? (channels?.join(', ') ?? '') : `${name} has ${own.join(', ')}`;
}

interface ActionsProps {
  readonly form: Form;
  readonly isNew: boolean;
  readonly backtest: Backtest;
}

function Actions({ form, isNew, backtest }: ActionsProps) {
  const { hasChanged, isSaving, canEdit, takeBack, checkedRow, tell } = form;
  async function test() {
    const row = checkedRow();
    const answer = row && (await backtest.run(row));
    if (answer?.ok === false && answer.error.column !== undefined) tell(answer.error);
  }
  useKeys({ t: () => void test() });
  return (
    <div class="actions wide">
      <button type="button" class="first" disabled={backtest.state.kind === 'runs'} onClick={test}>
        Test on the last 30 days
      </button>
      {hasChanged && !isNew && (
        <button type="button" class="plain" onClick={takeBack}>
          Take back
        </button>
      )}
      <button type="submit" class="primary" disabled={!canEdit || isSaving || (!isNew && !hasChanged)}>
        {isSaving ? 'Saving…' : isNew ? 'Make the alert' : 'Save'}
      </button>
    </div>
  );
}

export function AlertForm(props: Props) {
  const { state, isNew, last, onTest } = props;
  const form = useForm(props);
  const backtest = useBacktest(onTest);
  const { cells, told } = form;
  // What was found out is of the row as it was.
  useEffect(backtest.cancel, [cells.symbol, cells.condition, cells.price, cells.exchange, cells.repeat]);
  const isMet = (isNew || form.hasChanged) && firesAtOnce(conditionIn(cells.condition, cells.price), last);
  return (
    <form class="alert-form" noValidate aria-label={isNew ? 'New alert' : 'Edit the alert'} onSubmit={form.submit}>
      <TextCell form={form} name="symbol" placeholder="BTCUSDT" />
      <ChoiceCell form={form} name="condition" options={asOptions(state.conditions.map(({ name }) => name))} />
      <TextCell form={form} name="price" placeholder={exampleOf(cells.condition)} />
      <ChoiceCell form={form} name="exchange" options={[['', 'any'], ...asOptions(state.exchanges)]} />
      {isMet && (
        <p class="warning wide">The last price, {grouped(last ?? '')}, meets it already: it fires at the next check.</p>
      )}
      <TextCell form={form} name="name" isWide />
      <TextCell form={form} name="repeat" hint="1h, always or back; blank: once" />
      <TextCell form={form} name="expires" hint="2026-12-31 or 30d; blank: never" />
      <ChoiceCell form={form} name="priority" options={priorityOptions(cells.priority)} />
      {state.users.length === 0 ? (
        <TextCell form={form} name="user" placeholder="default" />
      ) : (
        <ChoiceCell form={form} name="user" options={asOptions(state.users)} />
      )}
      <TextCell form={form} name="notify" hint={channelsHint(state, cells.user)} placeholder="all channels" isWide />
      <LongCell form={form} name="notes" isWide />
      {told.whole !== undefined && (
        <p class="problem wide" role="alert">
          {told.whole}
        </p>
      )}
      <Actions form={form} isNew={isNew} backtest={backtest} />
      <BacktestResult backtest={backtest} timeZone={state.timeZone} />
    </form>
  );
}
