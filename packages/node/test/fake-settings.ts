/** The part of the double of a node that answers for settings and the lock of the windows. */
import { KithError } from '@kith/core/base/errors';
import type { CommandName, Commands, SettingsView } from '@kith/core/peer/contract';
import { choicesDefaults } from '@kith/core/peer/settings';

type Answered = 'settings' | 'setSettings' | 'beginUnlock' | 'unlocked' | 'replacePin' | 'forgetPin';
type Handlers = {
  [Name in Extract<CommandName, Answered>]: (input: Commands[Name]['in']) => Commands[Name]['out'];
};

export function settingsHandlers(): Handlers {
  let choices = { ...choicesDefaults };
  let kept: string | undefined;
  const view = (): SettingsView => ({ ...choices, hasPin: kept !== undefined });
  return {
    settings: view,
    setSettings(change) {
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      choices = { ...choices, ...Object.fromEntries(given) };
      return view();
    },
    beginUnlock: () => ({ verifier: kept }),
    unlocked: () => ({}),
    forgetPin() {
      kept = undefined;
      return view();
    },
    replacePin({ from, verifier }) {
      if (from !== kept) throw new KithError('wrong-pin');
      kept = verifier;
      return view();
    },
  };
}
