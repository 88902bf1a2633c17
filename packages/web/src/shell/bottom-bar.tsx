/** On a narrow screen, what the rail has elsewhere. */
import { Link, useLocation } from '@tanstack/react-router';
import { Inbox, MessageCircle, Settings, QrCode } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge } from '../design/badge.tsx';
import { classNames } from '../design/class-names.ts';
import { useRequests } from '../data/contacts.ts';
import { useTexts } from '../i18n/texts.ts';
import { useUnread } from './unread.ts';

export function BottomBar() {
  const { t } = useTexts();
  const { pathname } = useLocation();
  const requests = useRequests()?.length ?? 0;
  const unread = useUnread();
  return (
    <nav
      aria-label={t('shell.rail')}
      className="flex shrink-0 border-t bg-sunken pb-[env(safe-area-inset-bottom)] pane:hidden"
    >
      <BarLink
        to="/"
        active={pathname === '/'}
        label={t('shell.conversations')}
        icon={<MessageCircle size={21} />}
        badge={<Badge count={unread} max={99} label={t('shell.unread', { count: unread })} />}
      />
      {requests > 0 && (
        <BarLink
          to="/requests"
          active={false}
          label={t('shell.requests')}
          icon={<Inbox size={21} />}
          badge={<Badge count={requests} max={99} label={t('shell.requests.count', { count: requests })} />}
        />
      )}
      <BarLink to="/card" active={false} label={t('shell.card')} icon={<QrCode size={21} />} />
      <BarLink
        to="/settings"
        active={pathname === '/settings'}
        label={t('shell.settings')}
        icon={<Settings size={21} />}
      />
    </nav>
  );
}

interface BarLinkProps {
  to: '/' | '/requests' | '/card' | '/settings';
  label: string;
  icon: ReactNode;
  active: boolean;
  badge?: ReactNode;
}

function BarLink({ to, label, icon, active, badge }: BarLinkProps) {
  return (
    <Link
      to={to}
      data-inset-focus=""
      aria-current={active ? 'page' : undefined}
      className={classNames(
        'flex min-w-0 flex-1 flex-col items-center gap-0.5 px-1 pt-2 pb-1.5 text-meta',
        active ? 'text-accent-text' : 'text-secondary',
      )}
    >
      <span className="relative">
        {icon}
        <span className="absolute -end-3.5 -top-2">{badge}</span>
      </span>
      <span className="max-w-full truncate">{label}</span>
    </Link>
  );
}
