/** What the dot means, in a plain sentence. Loaded when it is first asked, and opens at once. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { classNames } from '../design/class-names.ts';
import { narrow } from '../design/media.ts';
import { Popover } from '../design/popover.tsx';
import { useTexts } from '../i18n/texts.ts';
import { HealthButton, useHealth } from './health-dot.tsx';

export function HealthPanel() {
  const { t } = useTexts();
  const { short, long, dot } = useHealth();
  const [open, setOpen] = useState(true);
  // As `max-pane`: there it stands in the header of the list.
  const [isNarrow] = useState(() => narrow().matches);
  return (
    <Popover
      label={t('health.label')}
      side={isNarrow ? 'bottom' : 'right'}
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={<HealthButton />}
    >
      <div className="w-72 p-4">
        <p className="flex items-center gap-2 font-strong">
          <span className={classNames('size-2.5 rounded-full', dot)} />
          {short}
        </p>
        <p className="mt-1.5 text-secondary">{long}</p>
        <Link
          to="/settings/$section"
          params={{ section: 'network' }}
          onClick={() => setOpen(false)}
          className="mt-3 inline-block text-small text-accent-text underline-offset-4 hover:underline"
        >
          {t('health.more')}
        </Link>
      </div>
    </Popover>
  );
}
