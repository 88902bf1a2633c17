import { Bell, MoreHorizontal, Pin, Trash } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../design/button.tsx';
import { Confirm } from '../design/confirm.tsx';
import { Dialog, Sheet } from '../design/dialog.tsx';
import { ErrorBoundary } from '../design/error-boundary.tsx';
import { IconButton } from '../design/icon-button.tsx';
import { ContextMenu, Menu, type MenuEntry } from '../design/menu.tsx';
import { Popover } from '../design/popover.tsx';
import { ScrollArea } from '../design/scroll-area.tsx';
import {
  codeWords,
  errorWords,
  noticeWords,
  outlookWords,
  reachCauseWords,
  reachStepWords,
} from '../i18n/wording.ts';

const entries: MenuEntry[] = [
  { label: 'Pin', icon: <Pin size={16} />, onSelect: () => undefined },
  { label: 'Mute', icon: <Bell size={16} />, checked: true, onSelect: () => undefined },
  'line',
  { label: 'Remove', icon: <Trash size={16} />, danger: true, onSelect: () => undefined },
];

export function Surfaces() {
  const [open, setOpen] = useState<'dialog' | 'sheet' | 'confirm'>();
  const close = (): void => setOpen(undefined);
  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-title">Surfaces</h2>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setOpen('dialog')}>Dialog</Button>
        <Button onClick={() => setOpen('sheet')}>Sheet</Button>
        <Button onClick={() => setOpen('confirm')}>Confirm</Button>
        <Menu entries={entries}>
          <IconButton label="More" icon={<MoreHorizontal size={18} />} />
        </Menu>
        <Popover label="Popover" trigger={<Button>Popover</Button>}>
          <p className="p-4">A small panel.</p>
        </Popover>
        <ContextMenu entries={() => entries}>
          <span className="rounded-control border border-line px-3 py-1.5">Right click</span>
        </ContextMenu>
      </div>
      <ScrollArea className="h-24 rounded-panel border border-line p-3 text-small text-secondary">
        <p>{outlookWords('alone').short}</p>
        <p>{outlookWords('alone').long}</p>
        <p>{reachStepWords('looking', 'Ana')}</p>
        <p>{reachCauseWords('no-answer')}</p>
        <p>{noticeWords('key-changed', 'Ana')}</p>
        <p>{codeWords('bad-card')}</p>
        <p>{errorWords(new Error('any'))}</p>
      </ScrollArea>
      <ErrorBoundary>
        <p className="text-secondary">Nothing broke here.</p>
      </ErrorBoundary>
      <Dialog open={open === 'dialog'} onClose={close} title="Rename" text="Only you see this name.">
        <p className="py-4">Content</p>
      </Dialog>
      <Sheet open={open === 'sheet'} onClose={close} title="Ana">
        Content
      </Sheet>
      <Confirm
        open={open === 'confirm'}
        onClose={close}
        title="Remove Ana?"
        text="What you wrote to each other stays on this device."
        action="Remove"
        onConfirm={close}
      />
    </section>
  );
}
