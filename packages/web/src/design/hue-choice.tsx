/** One of the twelve hues, or the one that is there by itself. */
import { RadioGroup } from 'radix-ui';
import { huesCount } from '@kith/api/settings-shapes';
import { useTexts, type TextId } from '../i18n/texts.ts';
import { classNames } from './class-names.ts';
import { hueOf, ownHue } from './hues.ts';

const names: readonly TextId[] = [
  'hue.0',
  'hue.1',
  'hue.2',
  'hue.3',
  'hue.4',
  'hue.5',
  'hue.6',
  'hue.7',
  'hue.8',
  'hue.9',
  'hue.10',
  'hue.11',
];

export interface HueChoiceProps {
  label: string;
  /** Null: the one that follows from the id, or the app's own. */
  value: number | null;
  /** Of the person, whose colour null is; left out for the app's accent. */
  id?: string;
  onChange: (hue: number) => void;
}

export function HueChoice({ label, value, id, onChange }: HueChoiceProps) {
  const { t } = useTexts();
  const chosen = id === undefined ? (value ?? ownHue) : hueOf(value, id);
  return (
    <RadioGroup.Root
      aria-label={label}
      value={String(chosen)}
      onValueChange={(hue) => onChange(Number(hue))}
      className="grid w-fit grid-cols-6 gap-2.5 pane:grid-cols-12"
    >
      {Array.from({ length: huesCount }, (_, hue) => (
        <RadioGroup.Item
          key={hue}
          value={String(hue)}
          aria-label={t(names[hue] ?? 'hue.8')}
          title={t(names[hue] ?? 'hue.8')}
          className={classNames(
            `hue-${String(hue)}`,
            'size-7 rounded-full bg-accent transition-transform duration-100',
            'data-[state=checked]:ring-2 data-[state=checked]:ring-accent data-[state=checked]:ring-offset-2 data-[state=checked]:ring-offset-ground',
            'data-[state=unchecked]:hover:scale-110',
          )}
        />
      ))}
    </RadioGroup.Root>
  );
}
