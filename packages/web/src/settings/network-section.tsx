/** How the network looks, where this Kith may go, and whom it contacted and why. */
import { useQuery } from '@tanstack/react-query';
import { classNames } from '../design/class-names.ts';
import { queries } from '../data/queries.ts';
import { useChangeSettings, useSettings } from '../data/settings.ts';
import { formatAgo } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';
import { useHealth } from '../shell/health-dot.tsx';
import { Section } from '../shell/page.tsx';
import { ChoiceRow, Rows } from './rows.tsx';

/** More is a log file's business. */
const contactedMax = 50;

export function NetworkSection() {
  const { t } = useTexts();
  const { lan } = useSettings();
  const changeSettings = useChangeSettings();
  const health = useHealth();
  return (
    <>
      <div role="status" className="mb-8 flex gap-3.5 rounded-panel border bg-raised p-4">
        <span className={classNames('mt-1.5 size-2.5 shrink-0 rounded-full', health.dot)} />
        <div>
          <p className="font-strong">{health.short}</p>
          <p className="text-secondary text-pretty">{health.long}</p>
        </div>
      </div>
      <Rows>
        <ChoiceRow
          label={t('network.reach')}
          text={t(`network.reach.${lan}.text`)}
          value={lan}
          onChange={(chosen) => changeSettings({ lan: chosen })}
          options={[
            { value: 'on', label: t('network.reach.on') },
            { value: 'off', label: t('network.reach.off') },
            { value: 'only', label: t('network.reach.only') },
          ]}
        />
      </Rows>
      <Contacted />
    </>
  );
}

function Contacted() {
  const { t } = useTexts();
  const { data: doctor } = useQuery(queries.doctor);
  const contacted = doctor?.contacted ?? [];
  const newest = contacted.toReversed().slice(0, contactedMax);
  return (
    <Section title={t('network.contacted')} text={t('network.contacted.text')}>
      {doctor !== undefined && newest.length === 0 ? (
        <p className="text-faint">{t('network.contacted.none')}</p>
      ) : (
        <ul className="divide-y rounded-panel border bg-raised empty:hidden">
          {newest.map(({ address, reason, at }, index) => (
            // The same address may be contacted twice in one moment.
            <li key={`${at} ${address} ${String(index)}`} className="flex items-baseline gap-4 px-4 py-2.5">
              <div className="min-w-0 flex-1">
                <p dir="ltr" className="truncate font-mono text-small">
                  {address}
                </p>
                <p className="text-small text-secondary">{t(`why.${reason}`)}</p>
              </div>
              <time dateTime={at} className="shrink-0 text-meta text-faint">
                {formatAgo(at)}
              </time>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
