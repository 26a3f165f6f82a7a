/** Where "now" comes from, in milliseconds since the epoch: tests move it, the product reads the system's. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
