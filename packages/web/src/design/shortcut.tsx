/** Keys as this machine writes them: `Mod+K` is ⌘K on a Mac, Ctrl+K elsewhere. */
import { classNames } from './class-names.ts';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

const macSigns: Record<string, string> = { Mod: '⌘', Alt: '⌥', Shift: '⇧', Enter: '↩' };
const signs: Record<string, string> = {
  Mod: 'Ctrl',
  Enter: '↵',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** @param keys - Names joined by `+`: `Mod+K`, `Alt+ArrowUp`, `?`. */
export function keyNames(keys: string, mac: boolean = isMac): string[] {
  return (keys.length === 1 ? [keys] : keys.split('+')).map(
    (key) => (mac ? (macSigns[key] ?? signs[key]) : signs[key]) ?? key,
  );
}

/** For `aria-keyshortcuts`. */
export function ariaKeys(keys: string): string {
  return keys.replace('Mod', isMac ? 'Meta' : 'Control');
}

export function Shortcut({ keys, look = 'plain' }: { keys: string; look?: 'plain' | 'inverse' }) {
  return (
    <kbd className="inline-flex items-center gap-0.5 font-sans text-meta">
      {keyNames(keys).map((name) => (
        <span
          key={name}
          className={classNames(
            'min-w-5 rounded-small px-1 text-center',
            look === 'plain' ? 'bg-hover text-secondary' : 'bg-on-tooltip/15 text-on-tooltip',
          )}
        >
          {name}
        </span>
      ))}
    </kbd>
  );
}
