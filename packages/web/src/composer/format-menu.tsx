/** Light help with markdown: what can be marked, the key for it, and how it is typed. */
import { Bold, Code, EyeOff, Italic, List, Strikethrough, TextQuote, Type } from 'lucide-react';
import { useEffect, useState, type ReactNode, type RefObject } from 'react';
import { IconButton } from '../design/icon-button.tsx';
import { narrow } from '../design/media.ts';
import { Popover } from '../design/popover.tsx';
import { Shortcut } from '../design/shortcut.tsx';
import { useTexts, type TextId } from '../i18n/texts.ts';
import { prefixSelection, wrapSelection } from './text-edit.ts';

interface Format {
  name: TextId;
  icon: ReactNode;
  typed: string;
  shortcut?: string;
  apply: (field: HTMLTextAreaElement) => void;
}

export const formats: readonly Format[] = [
  {
    name: 'format.bold',
    icon: <Bold size={16} />,
    typed: '**…**',
    shortcut: 'Mod+B',
    apply: (field) => wrapSelection(field, '**'),
  },
  {
    name: 'format.italic',
    icon: <Italic size={16} />,
    typed: '*…*',
    shortcut: 'Mod+I',
    apply: (field) => wrapSelection(field, '*'),
  },
  {
    name: 'format.strike',
    icon: <Strikethrough size={16} />,
    typed: '~~…~~',
    shortcut: 'Mod+Shift+X',
    apply: (field) => wrapSelection(field, '~~'),
  },
  {
    name: 'format.code',
    icon: <Code size={16} />,
    typed: '`…`',
    shortcut: 'Mod+E',
    apply: (field) => wrapSelection(field, '`'),
  },
  {
    name: 'format.spoiler',
    icon: <EyeOff size={16} />,
    typed: '||…||',
    apply: (field) => wrapSelection(field, '||'),
  },
  {
    name: 'format.quote',
    icon: <TextQuote size={16} />,
    typed: '> …',
    apply: (field) => prefixSelection(field, '> '),
  },
  {
    name: 'format.list',
    icon: <List size={16} />,
    typed: '- …',
    apply: (field) => prefixSelection(field, '- '),
  },
];

/** @returns whether the keys were those of a format. */
export function formatByKey(
  event: { key: string; ctrlKey: boolean; metaKey: boolean; shiftKey: boolean; altKey: boolean },
  field: HTMLTextAreaElement,
): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  const keys = `Mod+${event.shiftKey ? 'Shift+' : ''}${event.key.toUpperCase()}`;
  const format = formats.find(({ shortcut }) => shortcut === keys);
  format?.apply(field);
  return format !== undefined;
}

export function FormatMenu({ field }: { field: RefObject<HTMLTextAreaElement | null> }) {
  const { t } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    if (!isOpen) return undefined;
    // Its button goes where the window becomes narrow (composer.tsx).
    const width = narrow();
    const close = (): void => setIsOpen(false);
    width.addEventListener('change', close);
    return () => width.removeEventListener('change', close);
  }, [isOpen]);
  return (
    <Popover
      label={t('format.title')}
      open={isOpen}
      onOpenChange={setIsOpen}
      side="top"
      align="start"
      trigger={<IconButton label={t('format.title')} icon={<Type size={18} />} />}
    >
      <ul className="w-72 p-1">
        {formats.map(({ name, icon, typed, shortcut, apply }) => (
          <li key={name}>
            <button
              type="button"
              onClick={() => {
                setIsOpen(false);
                // After the panel gave the focus back.
                requestAnimationFrame(() => field.current !== null && apply(field.current));
              }}
              className="flex h-8 w-full items-center gap-2.5 rounded-control px-2 text-start hover:bg-hover"
            >
              <span className="text-faint">{icon}</span>
              <span className="min-w-0 flex-1 truncate">{t(name)}</span>
              <code className="text-meta text-faint">{typed}</code>
              {shortcut !== undefined && <Shortcut keys={shortcut} />}
            </button>
          </li>
        ))}
      </ul>
    </Popover>
  );
}
