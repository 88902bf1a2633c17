/** The person's choices: what they are, and changing them at once on the screen, taken back where the node refuses. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Settings, SettingsInput } from '@kith/api/settings-shapes';
import { showToast } from '../design/toast-store.ts';
import { errorWords } from '../i18n/wording.ts';
import { choose, settle } from './chosen-settings.ts';
import { api } from './connection.ts';
import { keys, queryClient } from './query-client.ts';
import { queries } from './queries.ts';

/** Before the node told: what a new profile has. */
export const firstSettings: Settings = {
  language: 'system',
  theme: 'system',
  accent: null,
  density: 'comfortable',
  motion: 'system',
  notifications: false,
  notificationContent: 'full',
  notificationSound: true,
  readMarks: true,
  typingSigns: true,
  lanVisible: false,
  lan: 'on',
  keepDays: null,
  lockAfterMinutes: null,
  hasPin: false,
  welcomed: true,
};

/** Undefined while they are not known: for what must not take {@link firstSettings} for the person's own. */
export function useKnownSettings(): Settings | undefined {
  return useQuery(queries.settings).data;
}

export function useSettings(): Settings {
  return useKnownSettings() ?? firstSettings;
}

/** @returns changes some of them. What is on the screen changes now; a refusal takes it back and says why. */
export function useChangeSettings(): (changes: SettingsInput) => void {
  const { mutate } = useMutation({
    mutationFn: async (changes: SettingsInput) => await api.settings.set.mutate(changes),
    onMutate: (changes) => {
      const chosen = withoutUndefined(changes);
      show(choose(chosen, shown()));
      return chosen;
    },
    onSuccess: (settings, _changes, chosen) => show(settle(chosen, shown(), settings)),
    onError: (error, _changes, chosen) => {
      if (chosen !== undefined) show(settle(chosen, shown()));
      showToast({ text: errorWords(error), look: 'bad' });
    },
  });
  return mutate;
}

function shown(): Settings | undefined {
  return queryClient.getQueryData<Settings>(keys.settings);
}

function show(settings: Settings | undefined): void {
  queryClient.setQueryData<Settings>(keys.settings, settings);
}

function withoutUndefined(changes: SettingsInput): Partial<Settings> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
