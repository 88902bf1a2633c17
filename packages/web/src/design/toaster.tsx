/** Draws the toasts. Once in the app. */
import { X } from 'lucide-react';
import { AnimatePresence, m } from 'motion/react';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';
import { spring } from './motion.tsx';
import { dismissToast, holdToast, releaseToast, undoToast, useToasts, type Toast } from './toast-store.ts';
import { useTexts } from '../i18n/texts.ts';

export function Toaster() {
  const { t } = useTexts();
  const toasts = useToasts((state) => state.toasts);
  return (
    <section
      aria-label={t('toast.region')}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-20 z-50 flex flex-col items-center gap-2 pane:bottom-24"
    >
      <AnimatePresence>
        {toasts.map((toast) => (
          <m.div
            key={toast.id}
            layout="position"
            initial={{ opacity: 0, y: 12 }}
            animate={{ opacity: 1, y: 0 }}
            exit={{ opacity: 0 }}
            transition={spring}
            onPointerEnter={() => holdToast(toast.id)}
            onPointerLeave={() => releaseToast(toast.id)}
            onFocus={() => holdToast(toast.id)}
            onBlur={() => releaseToast(toast.id)}
            className="pointer-events-auto flex max-w-full items-center gap-1 rounded-panel bg-tooltip py-1.5 ps-4 pe-1.5 text-on-tooltip shadow-float"
          >
            <span className="foreign min-w-0 py-1 pe-2">{toast.text}</span>
            {toast.undo !== undefined && (
              <Button
                look="quiet"
                size="small"
                className="font-strong text-on-tooltip! hover:bg-on-tooltip/15!"
                onClick={() => undoToast(toast.id)}
              >
                {t('action.undo')}
              </Button>
            )}
            {toast.way !== undefined && <Way id={toast.id} way={toast.way} />}
            <IconButton
              label={t('action.close')}
              icon={<X size={16} />}
              size="small"
              className="text-on-tooltip! hover:bg-on-tooltip/15!"
              onClick={() => dismissToast(toast.id)}
            />
          </m.div>
        ))}
      </AnimatePresence>
    </section>
  );
}

function Way({ id, way }: Pick<Toast, 'id'> & { way: NonNullable<Toast['way']> }) {
  return (
    <Button
      look="quiet"
      size="small"
      className="font-strong text-on-tooltip! hover:bg-on-tooltip/15!"
      onClick={() => {
        dismissToast(id);
        way.go();
      }}
    >
      {way.words}
    </Button>
  );
}
