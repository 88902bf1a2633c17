/** Reads QR codes from the camera. The reader is loaded with the first scan; pictures stay in the page and are kept nowhere. */

/** A guess: as often as a hand holds still. */
const lookMs = 150;
/** Pixels along the longer edge that the reader is given: more is slower and reads no better. */
const edgeMax = 960;

export type ScanTrouble = 'no-camera' | 'denied' | 'busy';

export interface Scan {
  /** Stops the camera. Safe to call twice. */
  stop: () => void;
}

export interface ScanOptions {
  video: HTMLVideoElement;
  /** Told of every code that is read, also of the same one again. */
  onCode: (text: string) => void;
  onTrouble: (trouble: ScanTrouble) => void;
}

/** Begins at once. Nothing is told after `stop`. */
export function scan({ video, onCode, onTrouble }: ScanOptions): Scan {
  const ending = new AbortController();
  const { signal } = ending;
  void run().catch((error: unknown) => {
    if (!signal.aborted) onTrouble(troubleOf(error));
  });

  async function run(): Promise<void> {
    const [{ default: decode }, stream] = await Promise.all([
      import('qr/decode.js'),
      navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } }),
    ]);
    const release = (): void => stream.getTracks().forEach((track) => track.stop());
    if (signal.aborted) return release();
    signal.addEventListener('abort', release);
    video.srcObject = stream;
    await video.play();
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const timer = setInterval(() => {
      const { videoWidth: width, videoHeight: height } = video;
      if (context === null || width === 0) return;
      const scale = Math.min(1, edgeMax / Math.max(width, height));
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const text = read(() => decode(context.getImageData(0, 0, canvas.width, canvas.height)));
      if (text !== undefined && !signal.aborted) onCode(text);
    }, lookMs);
    signal.addEventListener('abort', () => clearInterval(timer));
  }

  return { stop: () => ending.abort() };
}

/** The reader throws where it sees no code: that is most of the time. */
function read(decode: () => string): string | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

function troubleOf(error: unknown): ScanTrouble {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'no-camera';
}
