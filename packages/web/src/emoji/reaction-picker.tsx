/** Six reactions at once, and all others behind the plus. */
import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { classNames } from '../design/class-names.ts';
import { IconButton } from '../design/icon-button.tsx';
import { Popover, type PopoverProps } from '../design/popover.tsx';
import { Skeleton } from '../design/skeleton.tsx';
import { useTexts } from '../i18n/texts.ts';
import { EmojiPicker } from './late-picker.ts';
import { offeredReactions, useEmojiHabits, usedEmoji } from './emoji-list.ts';

export interface ReactionPickerProps {
  trigger: ReactNode;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  side?: PopoverProps['side'];
  returnTo?: PopoverProps['returnTo'];
  /** Ours on this message: picking one takes it back. */
  reacted: readonly string[];
  onPick: (emoji: string, on: boolean) => void;
}

export function ReactionPicker({
  trigger,
  open,
  onOpenChange,
  side = 'top',
  returnTo,
  reacted,
  onPick,
}: ReactionPickerProps) {
  const { t } = useTexts();
  const { recent } = useEmojiHabits();
  const [isWhole, setIsWhole] = useState(false);
  function pick(emoji: string): void {
    usedEmoji(emoji);
    onPick(emoji, !reacted.includes(emoji));
  }
  return (
    <Popover
      label={t('talk.react')}
      trigger={trigger}
      side={side}
      returnTo={returnTo}
      open={open}
      onOpenChange={(isOpen) => {
        if (isOpen) setIsWhole(false);
        onOpenChange(isOpen);
      }}
    >
      {isWhole ? (
        <EmojiPicker
          part={{ onPick: pick }}
          meanwhile={<PickerSkeleton />}
          onFailed={() => setIsWhole(false)}
        />
      ) : (
        <div
          role="toolbar"
          tabIndex={-1}
          aria-label={t('talk.react')}
          className="flex gap-0.5 p-1 outline-none"
          onKeyDown={moveFocus}
        >
          {offeredReactions(recent).map((emoji) => (
            <button
              key={emoji}
              type="button"
              aria-label={t('talk.react.with', { emoji })}
              aria-pressed={reacted.includes(emoji)}
              onClick={() => pick(emoji)}
              className={classNames(
                'flex size-9 items-center justify-center rounded-control text-[1.375rem] transition-transform duration-100 hover:scale-115 hover:bg-hover',
                reacted.includes(emoji) && 'bg-accent-soft',
              )}
            >
              {emoji}
            </button>
          ))}
          <IconButton
            label={t('talk.emoji.all')}
            icon={<Plus size={18} />}
            className="size-9!"
            onClick={() => setIsWhole(true)}
          />
        </div>
      )}
    </Popover>
  );
}

/** Arrows go from one to the next, as in any toolbar. */
function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
}

export function PickerSkeleton() {
  return (
    <div className="h-90 min-h-40 w-84 p-3">
      <Skeleton className="h-9 w-full" />
    </div>
  );
}
