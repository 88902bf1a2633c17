/** My code for their camera, my camera for their code. Both have to look: each device believes only what it saw. */
import { ScanLine } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../design/button.tsx';
import { QrCode } from '../design/qr-code.tsx';
import { useTexts } from '../i18n/texts.ts';
import { Scanner } from './scanner.tsx';

/** As core's compare-code writes it; what it means, the node judges. */
const codeShape = /^\s*kithcode1[a-z0-9]{20,200}\s*$/i;

export interface VerifyByCameraProps {
  code: string;
  name: string;
  onScanned: (code: string) => void;
}

export function VerifyByCamera({ code, name, onScanned }: VerifyByCameraProps) {
  const { t } = useTexts();
  const [isScanning, setIsScanning] = useState(false);
  return (
    <div className="flex flex-col items-center gap-6">
      <p className="text-center text-small text-secondary text-balance">
        {t('verify.camera.text', { name })}
      </p>
      <div className="rounded-panel border bg-[#fff] p-1">
        <QrCode text={code} label={t('verify.code')} size={240} />
      </div>
      <Button look="primary" icon={<ScanLine size={17} />} onClick={() => setIsScanning(true)}>
        {t('verify.scan')}
      </Button>
      {isScanning && (
        <Scanner
          title={t('verify.scan')}
          text={t('verify.scan.text', { name })}
          onClose={() => setIsScanning(false)}
          onCode={(read) => {
            if (!codeShape.test(read)) return t('verify.scan.other');
            setIsScanning(false);
            onScanned(read);
            return true;
          }}
        />
      )}
    </div>
  );
}
