import type { Trouble } from '../call/recovery.ts';

/** What the person is told of a lost connection: nothing at first, then a word, then a sentence (design brief, 4.9). */
export type TroubleStage = 'none' | 'word' | 'sentence' | 'failed';

/** Waits after which more is said, in ms since the loss. */
export const WORD_AFTER_MS = 2_000;
export const SENTENCE_AFTER_MS = 5_000;

/** What to say so long after the loss. Without lost media it stays a word: sound and picture go on. */
export function troubleStage({ kind, sinceMs, gaveUp }: Trouble, nowMs: number): TroubleStage {
  if (kind === 'none') return 'none';
  if (gaveUp) return 'failed';
  const ageMs = nowMs - sinceMs;
  if (ageMs < WORD_AFTER_MS) return 'none';
  return kind === 'media' && ageMs >= SENTENCE_AFTER_MS ? 'sentence' : 'word';
}

/** Follows a trouble over time. Must be made while a component is set up. */
export class TroubleWatch {
  readonly #trouble: () => Trouble;
  #nowMs = $state(Date.now());
  readonly stage = $derived.by(() => troubleStage(this.#trouble(), this.#nowMs));

  private constructor(trouble: () => Trouble) {
    this.#trouble = trouble;
    $effect(() => {
      const { kind, sinceMs } = trouble();
      this.#nowMs = Date.now();
      if (kind === 'none') return;
      const timers = [WORD_AFTER_MS, SENTENCE_AFTER_MS].map((afterMs) =>
        setTimeout(() => (this.#nowMs = Date.now()), Math.max(0, sinceMs + afterMs - Date.now())),
      );
      return () => timers.forEach(clearTimeout);
    });
  }

  static create(trouble: () => Trouble): TroubleWatch {
    return new TroubleWatch(trouble);
  }
}
