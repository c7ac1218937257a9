import { useState } from 'preact/hooks';
import type { AlertView } from '../protocol.js';
import { Ask } from './dialog.js';
import type { Edits } from './editing.js';
import { titleOf } from './shown.js';

interface Props {
  readonly alerts: readonly AlertView[];
  readonly edits: Edits;
  readonly canEdit: boolean;
  onClear(): void;
}

export function BulkBar({ alerts, edits, canEdit, onClear }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  async function run(edit: () => Promise<unknown>) {
    setBusy(true);
    await edit();
    setBusy(false);
  }
  async function onAnswer(isYes: boolean) {
    setAsking(false);
    if (isYes) await run(() => edits.remove(alerts));
  }
  const cannot = isBusy || !canEdit;
  const [first] = alerts;
  const what = alerts.length === 1 && first !== undefined ? titleOf(first) : `${alerts.length} alerts`;
  return (
    <section class="bulk" aria-label="Selected alerts" aria-busy={isBusy}>
      <span>
        <b>{alerts.length}</b> selected
      </span>
      <button
        type="button"
        disabled={cannot}
        onClick={() => run(() => edits.pause(alerts.filter(({ active }) => active)))}
      >
        Pause
      </button>
      <button
        type="button"
        disabled={cannot}
        onClick={() => run(() => edits.resume(alerts.filter(({ active }) => !active)))}
      >
        Resume
      </button>
      <button type="button" class="danger" disabled={cannot} onClick={() => setAsking(true)}>
        Delete
      </button>
      <button type="button" class="plain" onClick={onClear}>
        Clear
      </button>
      {isAsking && (
        <Ask
          title={`Delete ${what}?`}
          text="The rows go from the sheet, and the alerts with them."
          yes="Delete"
          no="Keep"
          isDangerous
          onAnswer={onAnswer}
        />
      )}
    </section>
  );
}
