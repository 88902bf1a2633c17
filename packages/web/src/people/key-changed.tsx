/**
 * Their key changed: nothing can be written until the numbers were compared. Calm, because it mostly means a new installation;
 * firm, because it is also what somebody in between would look like. Stands where the composer stood, and on the person's page.
 */
import { Link } from '@tanstack/react-router';
import { ShieldAlert } from 'lucide-react';
import type { Contact } from '@kith/api/shapes';
import { useTexts } from '../i18n/texts.ts';

export function KeyChanged({ contact }: { contact: Pick<Contact, 'id' | 'name'> }) {
  const { t } = useTexts();
  const { id, name } = contact;
  return (
    <section
      aria-label={t('key.title', { name })}
      className="flex gap-4 rounded-panel border border-bad/30 bg-bad-soft p-5"
    >
      <ShieldAlert size={24} className="mt-0.5 shrink-0 text-bad" />
      <div>
        <h2 className="text-body">{t('key.title', { name })}</h2>
        <p className="mt-1 text-pretty">{t('key.text', { name })}</p>
        <Link
          to="/person/$contact/verify"
          params={{ contact: id }}
          className="mt-4 inline-flex h-9 items-center rounded-control bg-accent px-3.5 font-strong text-on-accent hover:bg-accent-hover"
        >
          {t('key.compare')}
        </Link>
      </div>
    </section>
  );
}
