/** The camera in a dialog, until it has read what is wanted. */
import { CameraOff } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Dialog } from '../design/dialog.tsx';
import { useTexts } from '../i18n/texts.ts';
import { scan, type ScanTrouble } from './scan.ts';

export interface ScannerProps {
  title: string;
  text: string;
  /** @returns whether it is what was wanted: then the camera stops. Else the words say what else it is. */
  onCode: (code: string) => true | string;
  onClose: () => void;
}

export function Scanner({ title, text, onCode, onClose }: ScannerProps) {
  const { t } = useTexts();
  const video = useRef<HTMLVideoElement>(null);
  const told = useRef(onCode);
  const [trouble, setTrouble] = useState<ScanTrouble>();
  const [other, setOther] = useState<string>();
  useEffect(() => {
    told.current = onCode;
  });
  useEffect(() => {
    if (video.current === null) return undefined;
    const running = scan({
      video: video.current,
      onCode: (code) => {
        const verdict = told.current(code);
        if (verdict === true) running.stop();
        else setOther(verdict);
      },
      onTrouble: setTrouble,
    });
    return () => running.stop();
  }, []);
  return (
    <Dialog open onClose={onClose} title={title} text={text}>
      <div className="relative mt-4 aspect-square overflow-hidden rounded-panel bg-sunken">
        {/* What the camera sees has no words to be captioned. */}
        <video
          ref={video}
          muted
          playsInline
          aria-label={t('scan.video')}
          className="size-full object-cover"
        />
        {trouble === undefined ? (
          <div
            aria-hidden="true"
            className="absolute inset-[18%] rounded-panel border-2 border-on-accent/80"
          />
        ) : (
          <div
            role="alert"
            className="absolute inset-0 flex flex-col items-center justify-center gap-3 p-6 text-center"
          >
            <CameraOff size={32} className="text-faint" />
            <p className="text-secondary">{t(`scan.trouble.${trouble}`)}</p>
          </div>
        )}
      </div>
      <p role="status" className="mt-3 min-h-4.5 text-small text-warn">
        {other}
      </p>
    </Dialog>
  );
}
