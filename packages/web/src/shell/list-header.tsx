/** Above the conversations: where we are, how the network is (on a narrow screen), and the way to everything. */
import { useNavigate } from '@tanstack/react-router';
import { UserPlus } from 'lucide-react';
import { IconButton } from '../design/icon-button.tsx';
import { useTexts } from '../i18n/texts.ts';
import { HealthDot } from './health-dot.tsx';

export function ListHeader() {
  const { t } = useTexts();
  const navigate = useNavigate();
  return (
    <header className="flex flex-col gap-2.5 px-3 pt-3 pb-2">
      <div className="flex h-9 items-center gap-1 ps-1.5">
        <h1 className="min-w-0 flex-1 truncate text-title">{t('shell.conversations')}</h1>
        <span className="pane:hidden">
          <HealthDot />
        </span>
        <IconButton
          label={t('shell.add')}
          icon={<UserPlus size={19} />}
          side="bottom"
          onClick={() => void navigate({ to: '/add' })}
        />
      </div>
    </header>
  );
}
