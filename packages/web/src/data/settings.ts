/** The person's choices: what they are, and changing them at once on the screen, taken back where the node refuses. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Settings, SettingsInput } from '@kith/api/settings-shapes';
import { showToast } from '../design/toast-store.ts';
import { errorWords } from '../i18n/wording.ts';
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
      const before = queryClient.getQueryData<Settings>(keys.settings);
      const after = { ...(before ?? firstSettings), ...withoutUndefined(changes) };
      queryClient.setQueryData<Settings>(keys.settings, after);
      return { before };
    },
    onSuccess: (settings) => queryClient.setQueryData<Settings>(keys.settings, settings),
    onError: (error, _changes, context) => {
      queryClient.setQueryData(keys.settings, context?.before);
      showToast({ text: errorWords(error), look: 'bad' });
    },
  });
  return mutate;
}

function withoutUndefined(changes: SettingsInput): Partial<Settings> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
