/** Segments of the level display. */
export const LEVEL_SEGMENTS = 5;
/** Below this (dBFS) we hear nothing; at the upper bound all segments are lit. */
const QUIET_DB = -55;
const LOUD_DB = -15;
const SAMPLE_INTERVAL_MS = 100;

/** Segments for a level of sound, 0 to 5. */
export function segmentsOf(rms: number): number {
  if (rms <= 0) return 0;
  const share = (20 * Math.log10(rms) - QUIET_DB) / (LOUD_DB - QUIET_DB);
  return Math.min(LEVEL_SEGMENTS, Math.max(0, Math.ceil(share * LEVEL_SEGMENTS)));
}

/** Listens to a microphone's track and reports its level; never plays it. */
export class LevelMeter {
  readonly #context: AudioContext;
  readonly #timer: ReturnType<typeof setInterval>;

  private constructor(track: MediaStreamTrack, onLevel: (segments: number) => void) {
    this.#context = new AudioContext();
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 1024;
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      onLevel(segmentsOf(Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length)));
    }, SAMPLE_INTERVAL_MS);
  }

  static create(track: MediaStreamTrack, onLevel: (segments: number) => void): LevelMeter {
    return new LevelMeter(track, onLevel);
  }

  /** Whether the browser lets us measure: it may hold audio back until a press. */
  get running(): boolean {
    return this.#context.state === 'running';
  }

  close(): void {
    clearInterval(this.#timer);
    if (this.#context.state !== 'closed') void this.#context.close();
  }
}
