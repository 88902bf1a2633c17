/** The acts and settings that the switcher offers beside conversations. */
import { useNavigate } from '@tanstack/react-router';
import { Inbox, Keyboard, Lock, Moon, QrCode, Sun, UserPlus } from 'lucide-react';
import { useChangeSettings } from '../data/settings.ts';
import { useTexts } from '../i18n/texts.ts';
import { lockNow } from '../lock/lock-state.ts';
import { sections } from '../settings/sections.tsx';
import { openOverlay } from './overlays.ts';
import type { SwitcherChoice } from './switcher.tsx';

const size = 18;

export function useActs(canLock: boolean): SwitcherChoice[] {
  const { t } = useTexts();
  const navigate = useNavigate();
  const changeSettings = useChangeSettings();
  const isDark = document.documentElement.dataset['theme'] === 'dark';
  const acts: SwitcherChoice[] = [
    {
      id: 'add',
      kind: 'act',
      name: t('shell.add'),
      icon: <UserPlus size={size} />,
      run: () => void navigate({ to: '/add' }),
    },
    {
      id: 'card',
      kind: 'act',
      name: t('shell.card'),
      icon: <QrCode size={size} />,
      run: () => void navigate({ to: '/card' }),
    },
    {
      id: 'requests',
      kind: 'act',
      name: t('shell.requests'),
      icon: <Inbox size={size} />,
      run: () => void navigate({ to: '/requests' }),
    },
    {
      id: 'theme',
      kind: 'act',
      name: isDark ? t('switcher.light') : t('switcher.dark'),
      icon: isDark ? <Sun size={size} /> : <Moon size={size} />,
      run: () => changeSettings({ theme: isDark ? 'light' : 'dark' }),
    },
    {
      id: 'keys',
      kind: 'act',
      name: t('keys.title'),
      shortcut: '?',
      icon: <Keyboard size={size} />,
      run: () => openOverlay('keyboard'),
    },
  ];
  if (canLock) {
    acts.push({
      id: 'lock',
      kind: 'act',
      name: t('switcher.lock'),
      shortcut: 'Mod+Shift+L',
      icon: <Lock size={size} />,
      run: lockNow,
    });
  }
  return [
    ...acts,
    ...sections.map(
      ({ id, name, also, icon: Icon }): SwitcherChoice => ({
        id: `settings-${id}`,
        kind: 'setting',
        name: t(name),
        also: `${t('shell.settings')} ${t(also)}`,
        icon: <Icon size={size} />,
        run: () => void navigate({ to: '/settings/$section', params: { section: id } }),
      }),
    ),
  ];
}
