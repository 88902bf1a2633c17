/** The strip at the left: what there is, and who we are. Communities will stand between the two. */
import { Link, useLocation } from '@tanstack/react-router';
import { Inbox, MessageCircle, Settings } from 'lucide-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Avatar } from '../design/avatar.tsx';
import { Badge } from '../design/badge.tsx';
import { classNames } from '../design/class-names.ts';
import { Mark } from '../design/mark.tsx';
import { Tooltip } from '../design/tooltip.tsx';
import { useRequests } from '../data/contacts.ts';
import { queries } from '../data/queries.ts';
import { useTexts } from '../i18n/texts.ts';
import { HealthDot } from './health-dot.tsx';
import { useUnread } from './unread.ts';

export function Rail() {
  const { t } = useTexts();
  const { pathname } = useLocation();
  const requests = useRequests()?.length ?? 0;
  const unread = useUnread();
  const { data: profile } = useQuery(queries.profile);
  const inConversations = pathname === '/' || pathname.startsWith('/c/') || pathname.startsWith('/person/');
  return (
    <nav
      aria-label={t('shell.rail')}
      className="flex w-16 shrink-0 flex-col items-center gap-1.5 border-e bg-sunken py-3 max-pane:hidden"
    >
      <Mark size={30} className="mt-0.5 mb-3 text-accent-text" />
      <RailLink
        to="/"
        label={t('shell.conversations')}
        active={inConversations}
        icon={<MessageCircle size={21} />}
        count={unread}
        countLabel={t('shell.unread', { count: unread })}
      />
      {requests > 0 && (
        <RailLink
          to="/requests"
          label={t('shell.requests')}
          active={pathname === '/requests'}
          icon={<Inbox size={21} />}
          count={requests}
          countLabel={t('shell.requests.count', { count: requests })}
        />
      )}
      <div className="flex-1" />
      <HealthDot />
      <RailLink
        to="/settings"
        label={t('shell.settings')}
        shortcut="Mod+,"
        active={pathname.startsWith('/settings')}
        icon={<Settings size={21} />}
      />
      {profile !== undefined && (
        <Tooltip text={t('shell.card')} side="right">
          <Link
            to="/card"
            aria-label={t('shell.card.of', { name: profile.name })}
            className="mt-1.5 rounded-full"
          >
            <Avatar id={profile.id} name={profile.name} hue={profile.hue} size={36} />
          </Link>
        </Tooltip>
      )}
    </nav>
  );
}

interface RailLinkProps {
  to: '/' | '/requests' | '/settings';
  label: string;
  icon: ReactNode;
  active: boolean;
  shortcut?: string;
  count?: number;
  countLabel?: string;
}

function RailLink({ to, label, icon, active, shortcut, count = 0, countLabel = '' }: RailLinkProps) {
  return (
    <Tooltip text={label} shortcut={shortcut} side="right">
      <Link
        to={to}
        aria-label={count > 0 ? `${label}, ${countLabel}` : label}
        aria-current={active ? 'page' : undefined}
        className={classNames(
          'relative flex size-11 items-center justify-center rounded-panel transition-colors duration-100',
          active ? 'bg-pressed text-text' : 'text-secondary hover:bg-hover hover:text-text',
        )}
      >
        {icon}
        <Badge
          count={count}
          max={99}
          label={countLabel}
          className="absolute -end-0.5 -top-0.5 ring-2 ring-sunken"
        />
      </Link>
    </Tooltip>
  );
}
