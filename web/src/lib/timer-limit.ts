/** Longest wait that a browser's timer counts, in ms (HTML, timers: a signed 32-bit number). */
export const MAX_TIMER_MS = 2_147_483_647;
