import { Dialog } from './dialog.js';
import { keysHelp, lineKeysHelp } from './keys.js';

const List = ({ keys }: { readonly keys: typeof keysHelp }) => (
  <dl class="keys">
    {keys.map(([key, does]) => (
      <div key={key}>
        <dt>
          {key.split('  ').map((each) => (
            <kbd key={each}>{each}</kbd>
          ))}
        </dt>
        <dd>{does}</dd>
      </div>
    ))}
  </dl>
);

export function KeysDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <List keys={keysHelp} />
      <h3>On a line of the chart</h3>
      <List keys={lineKeysHelp} />
      <div class="actions">
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
