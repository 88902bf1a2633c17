/**
 * What stands between this person and a message: one banner at most, the gravest first. Each says what is so and what to do; a
 * changed key takes the composer's place, because nothing may be written before it was compared.
 */
import type { Conversation } from '@kith/api/conversation-shapes';
import type { NetworkOutlook } from '@kith/api/shapes';
import { Ban, CloudOff, Hourglass, ShieldAlert, UserX } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../design/button.tsx';
import { classNames } from '../design/class-names.ts';
import { useTexts } from '../i18n/texts.ts';
import { outlookWords } from '../i18n/wording.ts';

export type BannerKind = 'key-changed' | 'blocked' | 'removed' | 'incoming' | 'requested' | 'cut-off';

/** The banner of a conversation; null where nothing stands in the way. */
export function bannerOf(conversation: Conversation, outlook: NetworkOutlook | null): BannerKind | null {
  const { contact } = conversation;
  if (contact === null) return 'removed';
  if (contact.state === 'blocked') return 'blocked';
  if (contact.keyChanged) return 'key-changed';
  if (contact.state === 'incoming') return 'incoming';
  if (contact.state === 'requested') return 'requested';
  // While they can be reached, whatever else the network does is no concern of this conversation.
  if (!contact.reachable && (outlook === 'alone' || outlook === 'probably-cut-off')) return 'cut-off';
  return null;
}

/** Whether anything can be written below it. */
export function canWriteWith(banner: BannerKind | null): boolean {
  return banner === null || banner === 'requested' || banner === 'cut-off';
}

export interface BannerProps {
  kind: BannerKind;
  name: string;
  outlook: NetworkOutlook | null;
  onCompare: () => void;
  onUnblock: () => void;
  onAccept: () => void;
  onExport: () => void;
}

export function ConversationBanner({
  kind,
  name,
  outlook,
  onCompare,
  onUnblock,
  onAccept,
  onExport,
}: BannerProps) {
  const { t } = useTexts();
  switch (kind) {
    case 'key-changed':
      return (
        <Panel
          tone="bad"
          icon={<ShieldAlert size={20} />}
          title={t('banner.key.title', { name })}
          text={t('banner.key.text', { name })}
          action={
            <Button look="primary" onClick={onCompare}>
              {t('banner.key.compare')}
            </Button>
          }
        />
      );
    case 'blocked':
      return (
        <Panel
          icon={<Ban size={20} />}
          title={t('banner.blocked.title', { name })}
          text={t('banner.blocked.text', { name })}
          action={<Button onClick={onUnblock}>{t('banner.blocked.unblock')}</Button>}
        />
      );
    case 'removed':
      return (
        <Panel
          icon={<UserX size={20} />}
          title={t('banner.removed.title', { name })}
          text={t('banner.removed.text')}
          action={<Button onClick={onExport}>{t('talk.export')}</Button>}
        />
      );
    case 'incoming':
      return (
        <Panel
          icon={<Hourglass size={20} />}
          title={t('banner.incoming.title', { name })}
          text={t('banner.incoming.text', { name })}
          action={
            <Button look="primary" onClick={onAccept}>
              {t('banner.incoming.accept')}
            </Button>
          }
        />
      );
    case 'requested':
      return <Strip icon={<Hourglass size={16} />} text={t('banner.requested', { name })} />;
    case 'cut-off':
      return <Strip icon={<CloudOff size={16} />} text={outlookWords(outlook ?? 'alone').long} />;
  }
}

interface PanelProps {
  tone?: 'plain' | 'bad';
  icon: ReactNode;
  title: string;
  text: string;
  action: ReactNode;
}

/** In the composer's place. */
function Panel({ tone = 'plain', icon, title, text, action }: PanelProps) {
  return (
    <section
      aria-label={title}
      className={classNames(
        'mx-auto mb-3 flex w-[calc(100%-1.5rem)] max-w-184 flex-wrap items-center gap-x-4 gap-y-3 rounded-panel border px-4 py-3',
        tone === 'bad' ? 'border-bad/30 bg-bad-soft' : 'border-line bg-raised',
      )}
    >
      <span
        aria-hidden="true"
        className={classNames('mt-0.5 self-start', tone === 'bad' ? 'text-bad' : 'text-faint')}
      >
        {icon}
      </span>
      <div className="min-w-0 flex-[1_1_16rem]">
        <h2 className="text-body font-strong text-balance">{title}</h2>
        <p className="text-small text-secondary text-pretty">{text}</p>
      </div>
      <div className="ms-auto">{action}</div>
    </section>
  );
}

/** Above the composer, which stays. */
function Strip({ icon, text }: { icon: ReactNode; text: string }) {
  return (
    <p
      role="status"
      className="mx-auto flex w-full max-w-190 items-center gap-2 px-5 pb-2 text-small text-secondary"
    >
      <span aria-hidden="true" className="text-faint">
        {icon}
      </span>
      <span className="text-pretty">{text}</span>
    </p>
  );
}
