/** One person: who they are to us, how they stand to us, and what can be done. */
import { useNavigate, useParams } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { MessageCircle, ShieldCheck, ShieldQuestion } from 'lucide-react';
import type { Contact } from '@kith/api/shapes';
import { Avatar } from '../design/avatar.tsx';
import { Button } from '../design/button.tsx';
import { CopyButton } from '../design/copy-button.tsx';
import { acceptContact, unblockContact, useContact } from '../data/contacts.ts';
import { queries } from '../data/queries.ts';
import { NotFound } from '../app/lost.tsx';
import { Waiting } from '../app/waiting.tsx';
import { formatAgo } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';
import { Page, Section } from '../shell/page.tsx';
import { KeyChanged } from './key-changed.tsx';
import { MuteSection } from './mute-section.tsx';
import { PersonActs } from './person-acts.tsx';
import { ReachProgress } from './reach-progress.tsx';
import { shortId } from './short-id.ts';

export function PersonPage() {
  const { contact: id = '' } = useParams({ strict: false });
  const { isPending } = useQuery(queries.contacts);
  const contact = useContact(id);
  if (contact === undefined) return isPending ? <Waiting /> : <NotFound />;
  return <Person contact={contact} />;
}

function Person({ contact }: { contact: Contact }) {
  const { id, name, hue, state, keyChanged, reachable, conversation } = contact;
  return (
    <Page title={name}>
      <header className="mb-8 flex flex-col items-center gap-3 text-center">
        <Avatar id={id} name={name} hue={hue} size={96} reachable={reachable && state === 'connected'} />
        <div className="max-w-full">
          <h2 dir="auto" className="foreign text-title">
            {name}
          </h2>
          <p className="wrap-anywhere text-secondary">
            <Standing contact={contact} />
          </p>
        </div>
        <PrimaryActs contact={contact} />
      </header>
      {keyChanged && (
        <div className="mb-9">
          <KeyChanged contact={contact} />
        </div>
      )}
      {state === 'requested' && (
        <Section className="rounded-panel border bg-raised p-4">
          <ReachProgress contact={contact} compact />
        </Section>
      )}
      {state === 'connected' && !keyChanged && <VerifySection contact={contact} />}
      {(state === 'connected' || state === 'requested') && <MuteSection conversation={conversation} />}
      <PersonActs contact={contact} />
      <IdSection id={id} />
    </Page>
  );
}

/** One line below the name: what matters most of how they stand to us now. */
function Standing({ contact }: { contact: Contact }) {
  const { t } = useTexts();
  const { name, claimedName, state, reachable, lastSeen } = contact;
  const called =
    claimedName !== '' && claimedName !== name ? t('person.claims', { name: claimedName }) : undefined;
  const seen = lastSeen === null ? t('person.never-seen') : t('person.seen', { ago: formatAgo(lastSeen) });
  const words = {
    requested: t('person.requested'),
    incoming: t('person.incoming'),
    blocked: t('person.is-blocked'),
    connected: reachable ? t('person.reachable') : seen,
  }[state];
  return (
    <>
      {words}
      {called !== undefined && (
        <>
          <br />
          {called}
        </>
      )}
    </>
  );
}

function PrimaryActs({ contact }: { contact: Contact }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const { state, conversation, keyChanged } = contact;
  if (state === 'blocked') {
    return <Button onClick={() => void unblockContact(contact)}>{t('person.unblock')}</Button>;
  }
  if (state === 'incoming') {
    return (
      <Button look="primary" onClick={() => void acceptContact(contact)}>
        {t('requests.accept')}
      </Button>
    );
  }
  return (
    <Button
      // Nothing can be written before the numbers were compared, which is offered below.
      look={keyChanged ? 'plain' : 'primary'}
      icon={<MessageCircle size={17} />}
      onClick={() => void navigate({ to: '/c/$conversation', params: { conversation } })}
    >
      {t('person.message')}
    </Button>
  );
}

function VerifySection({ contact }: { contact: Contact }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const { id, name, verified } = contact;
  return (
    <Section className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-panel border bg-raised p-4">
      {verified ? (
        <ShieldCheck size={26} className="shrink-0 text-good" />
      ) : (
        <ShieldQuestion size={26} className="shrink-0 text-faint" />
      )}
      <div className="min-w-44 flex-1 wrap-anywhere">
        <h2 className="text-body">{verified ? t('verify.done') : t('verify.not-yet')}</h2>
        <p className="text-small text-secondary text-pretty">
          {verified ? t('verify.done.text', { name }) : t('verify.not-yet.text', { name })}
        </p>
      </div>
      <Button
        size="small"
        className="ms-auto"
        onClick={() => void navigate({ to: '/person/$contact/verify', params: { contact: id } })}
      >
        {verified ? t('verify.show') : t('verify.start')}
      </Button>
    </Section>
  );
}

function IdSection({ id }: { id: string }) {
  const { t } = useTexts();
  return (
    <Section title={t('person.id')} text={t('person.id.text')}>
      <div className="flex items-center gap-3">
        <code className="min-w-0 flex-1 truncate font-mono text-small text-secondary">{shortId(id)} …</code>
        <CopyButton size="small" look="quiet" value={id} />
      </div>
    </Section>
  );
}
