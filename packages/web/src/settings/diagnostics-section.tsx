/** For those who want to know: the nodes around this one as a picture that lives, what the node checks of itself, its log. */
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, CircleX } from 'lucide-react';
import type { Check } from '@kith/api/shapes';
import { classNames } from '../design/class-names.ts';
import { CopyButton } from '../design/copy-button.tsx';
import { api } from '../data/connection.ts';
import { queries } from '../data/queries.ts';
import { useTexts } from '../i18n/texts.ts';
import { checkWords, fixWords } from '../i18n/wording.ts';
import { Section } from '../shell/page.tsx';
import { PeerPicture } from './peer-picture.tsx';

/** Enough for whoever helps; the file has more. */
const logLines = 300;

export function DiagnosticsSection() {
  const { t } = useTexts();
  const { data: peers = [] } = useQuery(queries.peers);
  const { data: doctor } = useQuery(queries.doctor);
  return (
    <>
      <Section title={t('diagnostics.peers')} text={t('diagnostics.peers.text')}>
        <PeerPicture peers={peers} />
      </Section>
      <Section title={t('diagnostics.checks')} text={t('diagnostics.checks.text')}>
        <ul className="divide-y rounded-panel border bg-raised empty:hidden">
          {doctor?.checks.map((check, index) => (
            // Two troubles may have one name.
            <CheckRow key={`${check.name} ${String(index)}`} check={check} />
          ))}
        </ul>
      </Section>
      <Section title={t('diagnostics.log')} text={t('diagnostics.log.text')}>
        <CopyButton
          words={t('diagnostics.log.copy')}
          value={async () => (await api.node.logs.query({ lines: logLines })).lines.join('\n')}
        />
      </Section>
    </>
  );
}

const signs = {
  ok: { icon: CircleCheck, look: 'text-good', words: 'diagnostics.ok' },
  warn: { icon: CircleAlert, look: 'text-warn', words: 'diagnostics.warn' },
  fail: { icon: CircleX, look: 'text-bad', words: 'diagnostics.fail' },
} as const;

function CheckRow({ check }: { check: Check }) {
  const { t } = useTexts();
  const { icon: Icon, look, words } = signs[check.status];
  return (
    <li className="flex gap-3 px-4 py-3">
      <Icon size={18} className={classNames('mt-0.5 shrink-0', look)} aria-label={t(words)} role="img" />
      <div className="min-w-0">
        <p>{checkWords(check)}</p>
        {check.fix !== '' && <p className="text-small text-secondary text-pretty">{fixWords(check)}</p>}
      </div>
    </li>
  );
}
