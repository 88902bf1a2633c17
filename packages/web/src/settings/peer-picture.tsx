/**
 * The nodes that this one knows: neighbours on the inner ring, joined to us by lines; the others on the outer ring. A node keeps
 * its place by its id, so that the picture is quiet while they come and go.
 */
import type { Peer } from '@kith/api/shapes';
import { useTexts } from '../i18n/texts.ts';
import { placePeers, type Placed } from './peer-places.ts';

const linkLooks = {
  lan: 'text-good',
  direct: 'text-accent-text',
  relayed: 'text-warn',
  none: 'text-faint',
} as const;

export function PeerPicture({ peers }: { peers: readonly Peer[] }) {
  const { t } = useTexts();
  const { placed, left } = placePeers(peers);
  const linked = peers.filter(({ link }) => link !== 'none').length;
  const summary =
    peers.length === 0 ? t('diagnostics.nobody') : t('diagnostics.summary', { linked, known: peers.length });
  return (
    <figure className="rounded-panel border bg-raised p-4">
      <svg viewBox="-100 -78 200 156" role="img" aria-label={summary} className="mx-auto w-full max-w-110">
        <circle r={66} fill="none" className="stroke-line" strokeWidth={0.5} strokeDasharray="1 2.5" />
        <circle r={36} fill="none" className="stroke-line" strokeWidth={0.5} />
        {placed.map((place) => (
          <PeerDot key={place.peer.id} place={place} words={t(`diagnostics.link.${place.peer.link}`)} />
        ))}
        <circle r={5} className="fill-text" />
        <text
          y={14}
          textAnchor="middle"
          className="fill-text stroke-raised text-[6px] [paint-order:stroke]"
          strokeWidth={2}
        >
          {t('diagnostics.you')}
        </text>
      </svg>
      <figcaption className="mt-2 text-center text-small text-secondary">
        {summary}
        {left > 0 && <> {t('diagnostics.left', { count: left })}</>}
      </figcaption>
      <ul className="mt-3 flex flex-wrap justify-center gap-x-5 gap-y-1 text-small text-secondary">
        {(['lan', 'direct', 'relayed', 'none'] as const).map((link) => (
          <li key={link} className="flex items-center gap-1.5">
            <svg width={8} height={8} viewBox="0 0 8 8" aria-hidden="true" className={linkLooks[link]}>
              <circle cx={4} cy={4} r={3.5} fill="currentColor" />
            </svg>
            {t(`diagnostics.link.${link}`)}
          </li>
        ))}
      </ul>
    </figure>
  );
}

function PeerDot({ place: { peer, x, y }, words }: { place: Placed; words: string }) {
  const isLinked = peer.link !== 'none';
  return (
    <g className={linkLooks[peer.link]}>
      {isLinked && (
        <line
          x1={0}
          y1={0}
          x2={x}
          y2={y}
          stroke="currentColor"
          strokeOpacity={0.45}
          strokeWidth={0.8}
          className="appear"
        />
      )}
      <circle
        cx={x}
        cy={y}
        r={isLinked ? 3.6 : 2.2}
        fill="currentColor"
        fillOpacity={0.35 + 0.65 * peer.score}
        className="appear"
      >
        <title>{`${peer.id.slice(-8)} · ${words}`}</title>
      </circle>
    </g>
  );
}
