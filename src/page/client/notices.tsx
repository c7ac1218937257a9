import { useEffect } from 'preact/hooks';
import type { Notice } from './editing.js';

type Shown = Notice & { readonly id: number };

const doneMs = 5_000;

/** What went wrong stays until somebody has closed it. */
function Line({ notice, onClose }: { readonly notice: Shown; onClose(id: number): void }) {
  useEffect(() => {
    if (notice.kind === 'wrong') return;
    const timer = setTimeout(() => onClose(notice.id), doneMs);
    return () => clearTimeout(timer);
  }, [notice.id]);
  return (
    <div class={`notice ${notice.kind}`}>
      <span>{notice.text}</span>
      <button type="button" class="plain" aria-label="Close this notice" onClick={() => onClose(notice.id)}>
        ×
      </button>
    </div>
  );
}

export function Notices({ notices, onClose }: { readonly notices: readonly Shown[]; onClose(id: number): void }) {
  return (
    <output class="notices" aria-live="polite">
      {notices.map((notice) => (
        <Line key={notice.id} notice={notice} onClose={onClose} />
      ))}
    </output>
  );
}
