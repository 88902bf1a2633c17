/** Every key of the app, on `?`. */
import { Dialog } from '../design/dialog.tsx';
import { Shortcut } from '../design/shortcut.tsx';
import { useTexts } from '../i18n/texts.ts';
import { closeOverlay } from './overlays.ts';
import { keyGroups } from './shortcuts.ts';

export function KeyboardMap() {
  const { t } = useTexts();
  return (
    <Dialog open reading onClose={closeOverlay} title={t('keys.title')}>
      {keyGroups.map((group) => (
        <section key={group.title} className="mt-3">
          <h3 className="mb-1.5 text-small font-normal text-faint">{t(group.title)}</h3>
          <dl>
            {group.keys.map(({ keys, words }) => (
              <div key={keys} className="flex items-center justify-between gap-4 border-b py-2 last:border-0">
                <dt>{t(words)}</dt>
                <dd className="shrink-0">
                  <Shortcut keys={keys} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
