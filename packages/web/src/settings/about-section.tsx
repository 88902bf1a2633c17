/** What this is, in which version, and where its files are. */
import { useQuery } from '@tanstack/react-query';
import { Mark } from '../design/mark.tsx';
import { CopyButton } from '../design/copy-button.tsx';
import { queries } from '../data/queries.ts';
import { formatMoment } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';
import { Row, Rows } from './rows.tsx';

const name = 'Kith';

export function AboutSection() {
  const { t } = useTexts();
  const { data: status } = useQuery(queries.status);
  return (
    <>
      <header className="mb-9 flex flex-col items-center text-center">
        <Mark size={64} className="mb-4 text-accent-text" />
        <h2 className="text-title">{name}</h2>
        <p className="text-secondary">{t('about.version', { version: status?.version ?? '' })}</p>
        <p className="mt-4 max-w-90 text-secondary text-balance">{t('about.text')}</p>
      </header>
      {status !== undefined && (
        <Rows>
          <Row name={t('about.started')}>
            <span className="text-secondary">{formatMoment(status.startedAt)}</span>
          </Row>
          <Row
            name={t('about.folder')}
            text={
              <span dir="ltr" className="font-mono break-all">
                {status.data}
              </span>
            }
          >
            <CopyButton size="small" look="quiet" value={status.data} />
          </Row>
          <Row name={t('about.licence')}>
            <span className="text-secondary">{t('about.licence.name')}</span>
          </Row>
        </Rows>
      )}
    </>
  );
}
