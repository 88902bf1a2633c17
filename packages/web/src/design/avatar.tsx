/** A person as a circle: their colour and initials. Decoration beside a name; with `label` it speaks for itself. */
import { classNames } from './class-names.ts';
import { hueOf } from './hues.ts';
import { initialsOf } from './initials.ts';

const sizes = {
  20: 'size-5 text-[0.5625rem]',
  28: 'size-7 text-[0.6875rem]',
  36: 'size-9 text-small',
  44: 'size-11 text-body',
  72: 'size-18 text-title',
  96: 'size-24 text-welcome',
};

export interface AvatarProps {
  id: string;
  name: string;
  hue?: number | null;
  size?: keyof typeof sizes;
  label?: string;
  /** A green dot: their device can be reached now. */
  reachable?: boolean;
  className?: string;
}

export function Avatar({ id, name, hue, size = 36, label, reachable = false, className }: AvatarProps) {
  return (
    <span
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
      className={classNames('relative inline-flex shrink-0', className)}
    >
      <span
        className={classNames(
          'inline-flex items-center justify-center overflow-hidden rounded-full bg-avatar font-strong text-avatar-text select-none',
          `hue-${String(hueOf(hue, id))}`,
          'before:content-[attr(data-initials)]',
          sizes[size],
        )}
        // A picture made of letters, not a text: nothing for a screen reader, a search or a selection to find.
        data-initials={initialsOf(name)}
      />
      {reachable && (
        <span
          className={classNames(
            'absolute end-0 bottom-0 rounded-full bg-dot ring-2 ring-ground',
            size > 44 ? 'size-4' : 'size-2.5',
          )}
        />
      )}
    </span>
  );
}
