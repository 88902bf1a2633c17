/** The camera in a dialog, until it has read what is wanted. */
import { CameraOff } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { classNames } from '../design/class-names.ts';
import { Dialog } from '../design/dialog.tsx';
import { Spinner } from '../design/mark.tsx';
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
  // A state, not a ref: the dialog draws its content a moment after this is mounted.
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const [isOn, setIsOn] = useState(false);
  const told = useRef(onCode);
  const [trouble, setTrouble] = useState<ScanTrouble>();
  const [other, setOther] = useState<string>();
  useEffect(() => {
    told.current = onCode;
  });
  useEffect(() => {
    if (video === null) return undefined;
    const running = scan({
      video,
      onCode: (code) => {
        const verdict = told.current(code);
        if (verdict === true) running.stop();
        else setOther(verdict);
      },
      onTrouble: setTrouble,
    });
    return () => running.stop();
  }, [video]);
  return (
    <Dialog open onClose={onClose} title={title} text={text}>
      <div className="relative mt-4 aspect-square overflow-hidden rounded-panel bg-sunken">
        {/* What the camera sees has no words to be captioned. */}
        <video
          ref={setVideo}
          onPlaying={() => setIsOn(true)}
          muted
          playsInline
          aria-label={t('scan.video')}
          className="size-full object-cover"
        />
        {trouble === undefined && !isOn && (
          <div className="absolute inset-0 flex items-center justify-center">
            <Spinner size={36} label={t('state.loading')} />
          </div>
        )}
        {trouble === undefined ? (
          <div
            aria-hidden="true"
            className={classNames(
              'absolute inset-[14%] rounded-panel border-2 border-[#fff]/80',
              !isOn && 'hidden',
            )}
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
