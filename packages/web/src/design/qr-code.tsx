/** A code for another person's camera: dark on light in both themes, because not every camera reads the inverse. */
import { useMemo } from 'react';
import { encode } from 'uqr';

export interface QrCodeProps {
  text: string;
  /** What it is, for screen readers. */
  label: string;
  size?: number;
}

export function QrCode({ text, label, size = 220 }: QrCodeProps) {
  const { path, edge } = useMemo(() => qrPath(text), [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      width={size}
      height={size}
      viewBox={`0 0 ${String(edge)} ${String(edge)}`}
      shapeRendering="crispEdges"
      className="max-w-full rounded-panel"
    >
      <rect width={edge} height={edge} fill="#fff" />
      <path d={path} fill="#17161a" />
    </svg>
  );
}

/** One path of all dark modules, with a quiet zone of four around (ISO/IEC 18004). */
function qrPath(text: string): { path: string; edge: number } {
  const { data, size } = encode(text, { ecc: 'L', border: 4 });
  const parts: string[] = [];
  for (const [y, row] of data.entries()) {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      const start = x;
      while (row[x + 1] === true) x += 1;
      const width = String(x - start + 1);
      parts.push(`M${String(start)} ${String(y)}h${width}v1h-${width}z`);
    }
  }
  return { path: parts.join(''), edge: size };
}
