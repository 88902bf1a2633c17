/** The parts of the settings, in the list's place. */
import { Link, useParams } from '@tanstack/react-router';
import { classNames } from '../design/class-names.ts';
import { rowLook } from '../design/list-row.tsx';
import { ScrollArea } from '../design/scroll-area.tsx';
import { useTexts } from '../i18n/texts.ts';
import { sections } from './sections.tsx';

export function SettingsList() {
  const { t } = useTexts();
  const { section: open } = useParams({ strict: false });
  return (
    <>
      <header className="flex h-14 shrink-0 items-center px-4.5">
        <h1 className="text-title">{t('shell.settings')}</h1>
      </header>
      <ScrollArea className="flex-1 px-2 pb-4">
        <nav aria-label={t('shell.settings')}>
          <ul className="flex flex-col gap-0.5">
            {sections.map(({ id, name, icon: Icon, first = false }, index) => {
              const isOpen = open === id || (open === undefined && index === 0);
              return (
                <li key={id} className={classNames(first && 'mt-2.5 border-t pt-2.5')}>
                  <Link
                    to="/settings/$section"
                    params={{ section: id }}
                    data-inset-focus=""
                    aria-current={isOpen ? 'page' : undefined}
                    // Nothing is open on a narrow screen while the list is seen.
                    className={classNames(
                      rowLook({ active: isOpen, small: true }),
                      open === undefined && 'max-pane:bg-transparent',
                      'min-h-9.5 max-pane:min-h-12',
                    )}
                  >
                    <Icon size={18} className={isOpen ? 'text-text' : 'text-secondary'} />
                    <span className="truncate">{t(name)}</span>
                  </Link>
                </li>
              );
            })}
          </ul>
        </nav>
      </ScrollArea>
    </>
  );
}
