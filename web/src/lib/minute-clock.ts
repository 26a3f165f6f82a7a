import { createSubscriber } from 'svelte/reactivity';
import { serverClock } from './server-clock.ts';

const MINUTE_MS = 60_000;

/** Nothing on the screen counts seconds. One timer serves all that is shown, as long as there is any of it. */
const subscribe = createSubscriber((update) => {
  let timer: ReturnType<typeof setTimeout>;
  const wait = (): void => {
    timer = setTimeout(tick, MINUTE_MS - (serverClock.now() % MINUTE_MS));
  };
  const tick = (): void => {
    update();
    wait();
  };
  wait();
  return () => clearTimeout(timer);
});

/** Now by the server's clock, in ms since the epoch. What is shown by it is shown anew with each minute. */
export function minuteNow(): number {
  subscribe();
  return serverClock.now();
}
