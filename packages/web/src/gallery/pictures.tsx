import { Avatar } from '../design/avatar.tsx';
import { Badge } from '../design/badge.tsx';
import { classNames } from '../design/class-names.ts';
import { EmptyState } from '../design/empty-state.tsx';
import { ownHue } from '../design/hues.ts';
import { rowLook, RowWords } from '../design/list-row.tsx';
import { Mark, Spinner } from '../design/mark.tsx';
import { QrCode } from '../design/qr-code.tsx';
import { SkeletonRows } from '../design/skeleton.tsx';

const names = [
  'Ada Lovelace',
  'Ben',
  'Chandra',
  '李小龙',
  '👩‍🚀 Ana',
  'Dagný',
  'Ev',
  'Fabio',
  'Gül',
  'Hana',
  'Ivo',
  'Jo',
];

export function Pictures({ hues }: { hues: number }) {
  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-title">Pictures</h2>
      <div className="flex items-center gap-4">
        <Mark size={48} />
        <Spinner size={48} label="Loading" />
        <QrCode text="mesh://add?p=example" label="A card" size={120} />
      </div>
      <div className="flex flex-wrap gap-2">
        {Array.from({ length: hues }, (_, hue) => (
          <span key={hue} className={classNames(`hue-${String(hue)}`, 'flex flex-col items-center gap-1')}>
            <Avatar id="kith1" name={names[hue] ?? ''} hue={hue} size={44} reachable={hue === ownHue} />
            <span className="size-5 rounded-full bg-accent" />
          </span>
        ))}
      </div>
      {['Ada Lovelace', 'A name that is so long that nobody ever could read it to its end'].map(
        (name, index) => (
          <button key={name} type="button" className={rowLook({ active: index === 0 })}>
            <RowWords
              lead={<Avatar id={name} name={name} />}
              title={name}
              detail="The last words that were said here, which may be many"
              end={<Badge count={index * 1_200 + 3} label="unread" />}
            />
          </button>
        ),
      )}
      <SkeletonRows count={2} label="Loading" />
      <EmptyState title="Nothing yet" text="Here is where your conversations will be." />
    </section>
  );
}
