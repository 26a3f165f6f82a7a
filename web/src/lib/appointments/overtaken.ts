import type { Appointment } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';
import { stateSentence } from './visit-words.ts';

/** Somebody was faster: what the person wanted was not done. */
export interface Overtaken {
  /** How things are now, in sentences. */
  readonly texts: readonly string[];
  /** Whether the same can be asked once more. */
  readonly again: boolean;
}

/** @param now the appointment as it is now */
export function overtakenBy(now: Appointment, again: boolean): Overtaken {
  const advice = again ? m['visit.wordsKept']() : m['visit.wordsToCopy']();
  return { texts: [m['visit.overtakenWords'](), stateSentence(now), advice], again };
}
