import { useState } from 'preact/hooks';
import type { Refused } from '../../protocol.js';
import type { DoctorSection } from '../../protocol-views.js';
import { askDoctor } from '../api.js';
import { NotHad, Part } from '../part.js';

const marks = { ok: '✓', wrong: '✗', skipped: '–' } as const;
const words = { ok: 'right', wrong: 'wrong', skipped: 'skipped' } as const;

type Finding = DoctorSection['findings'][number];

const Line = ({ finding: { check, status, detail, remedy } }: { readonly finding: Finding }) => (
  <li class={status}>
    <span class="mark" role="img" aria-label={words[status]}>
      {marks[status]}
    </span>
    <div>
      <b>{check}</b> {detail}
      {remedy?.split('\n').map((line) => (
        <p key={line} class="remedy">
          {line}
        </p>
      ))}
    </div>
  </li>
);

const counted = (sections: readonly DoctorSection[]): string => {
  const all = sections.flatMap(({ findings }) => findings);
  const count = (status: Finding['status']) => all.filter((each) => each.status === status).length;
  return `${count('ok')} right, ${count('wrong')} wrong, ${count('skipped')} skipped`;
};

/** Looks at everything that a check needs, when somebody asks. */
export function DoctorPart() {
  const [sections, setSections] = useState<readonly DoctorSection[]>();
  const [refused, setRefused] = useState<Refused>();
  const [isAsking, setAsking] = useState(false);
  async function ask() {
    setAsking(true);
    const answer = await askDoctor();
    setAsking(false);
    setRefused(answer.ok ? undefined : answer.error);
    if (answer.ok) setSections(answer.value);
  }
  const action = (
    <button type="button" disabled={isAsking} onClick={ask}>
      {isAsking ? 'Looking…' : 'Ask the doctor'}
    </button>
  );
  return (
    <Part title="Doctor" action={action} isWide>
      <div aria-live="polite" aria-busy={isAsking}>
        {sections === undefined && (
          <p class="small">
            {isAsking
              ? 'It asks the sheet, the exchanges and the channels; that takes some seconds.'
              : 'Looks at the secret, the sheet, the exchanges and each channel. Nothing is written or sent.'}
          </p>
        )}
        {refused !== undefined && <NotHad what="The doctor did not come" refused={refused} again={ask} />}
        {sections !== undefined && <p>{counted(sections)}</p>}
        {sections?.map(({ title, findings }) => (
          <div key={title}>
            <h3>{title}</h3>
            <ul class="findings">
              {findings.map((finding) => (
                <Line key={finding.check} finding={finding} />
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Part>
  );
}
