import type { Appointment } from '@health-connect/contract';
import { serverClock } from '../server-clock.ts';
import { MAX_TIMER_MS } from '../timer-limit.ts';
import { nextOpeningMs } from './appointment-list.ts';

/** How long after the instant at which a door opens it is looked at, so that the server agrees. */
const AFTER_OPENING_MS = 1_000;
/** How long until a door is looked at again that should be open by now, ever longer. */
const LOOK_AGAIN_MS = [5_000, 15_000, 30_000] as const;

/**
 * Looks again when the next door should have opened, and, ever more rarely, as long as the server says that it has not:
 * the clock here may be ahead, and a look may fail. To be called while the component is set up.
 * @param appointments as the server told of them last
 */
export function watchDoors(appointments: () => readonly Appointment[], look: () => void): void {
  const opensMs = $derived(nextOpeningMs(appointments()));
  $effect(() => {
    if (opensMs === undefined) return;
    const openingMs = opensMs;
    let looks = 0;
    let timer: ReturnType<typeof setTimeout>;
    const waitMs = (): number => {
      const leftMs = openingMs - serverClock.now();
      if (leftMs > 0) return Math.min(MAX_TIMER_MS, leftMs + AFTER_OPENING_MS);
      looks += 1;
      return LOOK_AGAIN_MS[Math.min(looks, LOOK_AGAIN_MS.length) - 1] ?? 0;
    };
    const wait = (): void => {
      timer = setTimeout(() => {
        look();
        wait();
      }, waitMs());
    };
    wait();
    return () => clearTimeout(timer);
  });
}
