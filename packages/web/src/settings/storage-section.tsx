/** What this device keeps, and for how long. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm } from '../design/confirm.tsx';
import { queries } from '../data/queries.ts';
import { useChangeSettings, useSettings } from '../data/settings.ts';
import { formatBytes, formatDate, formatNumber } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';
import { ChoiceRow, Row, Rows } from './rows.tsx';

const spans = ['null', '365', '90', '30', '7'] as const;
type Span = (typeof spans)[number];

/** Below this the disk is said to be nearly full. A guess: a day of a busy person, and room for the log. */
const freeBytesMin = 500_000_000;

export function StorageSection() {
  const { t } = useTexts();
  const { data: use } = useQuery(queries.storage);
  const { keepDays } = useSettings();
  const changeSettings = useChangeSettings();
  const [asked, setAsked] = useState<number>();
  const present = spans.find((span) => span === String(keepDays)) ?? 'null';

  function choose(span: Span): void {
    const days = span === 'null' ? null : Number(span);
    // Keeping less deletes at once, and that is not taken back.
    if (days !== null && (keepDays === null || days < keepDays)) setAsked(days);
    else changeSettings({ keepDays: days });
  }

  return (
    <>
      {use !== undefined && use.freeBytes !== null && use.freeBytes < freeBytesMin && (
        <p role="alert" className="mb-6 rounded-panel bg-warn-soft px-4 py-3">
          {t('storage.nearly-full', { free: formatBytes(use.freeBytes) })}
        </p>
      )}
      {use !== undefined && (
        <Rows>
          <Row
            name={t('storage.messages')}
            text={use.oldestAt === null ? undefined : t('storage.since', { date: formatDate(use.oldestAt) })}
          >
            <span className="tabular text-secondary">{formatNumber(use.messages)}</span>
          </Row>
          <Row name={t('storage.conversations')}>
            <span className="tabular text-secondary">{formatNumber(use.conversations)}</span>
          </Row>
          <Row name={t('storage.used')} text={t('storage.used.text')}>
            <span className="tabular text-secondary">{formatBytes(use.databaseBytes)}</span>
          </Row>
          {use.freeBytes !== null && (
            <Row name={t('storage.free')}>
              <span className="tabular text-secondary">{formatBytes(use.freeBytes)}</span>
            </Row>
          )}
        </Rows>
      )}
      <Rows>
        <ChoiceRow
          label={t('storage.keep')}
          text={t('storage.keep.text')}
          value={present}
          onChange={choose}
          options={[
            { value: 'null', label: t('storage.keep.ever') },
            { value: '365', label: t('storage.keep.year') },
            { value: '90', label: t('storage.keep.days', { days: 90 }) },
            { value: '30', label: t('storage.keep.days', { days: 30 }) },
            { value: '7', label: t('storage.keep.days', { days: 7 }) },
          ]}
        />
      </Rows>
      <Confirm
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={t('storage.ask.title')}
        text={t('storage.ask.text', { days: asked ?? 0 })}
        action={t('storage.ask.act')}
        onConfirm={() => changeSettings({ keepDays: asked ?? null })}
      />
    </>
  );
}
