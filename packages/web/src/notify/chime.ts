/** Two soft tones, made here: no file, and nothing that could be mistaken for another program. */

/** A flood sounds once. */
const pauseMs = 2_000;
const tones = [
  { hertz: 659.25, atSeconds: 0 },
  { hertz: 880, atSeconds: 0.09 },
];
let context: AudioContext | undefined;
let lastMs = Number.NEGATIVE_INFINITY;

/** Silent where the browser wants a touch of the page first. */
export function chime(): void {
  const now = performance.now();
  if (now - lastMs < pauseMs) return;
  lastMs = now;
  context ??= new AudioContext();
  if (context.state !== 'running') {
    context.resume().catch(() => undefined);
    return;
  }
  for (const { hertz, atSeconds } of tones) ring(context, hertz, context.currentTime + atSeconds);
}

function ring(audio: AudioContext, hertz: number, at: number): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.06, at + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.32);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.34);
}
