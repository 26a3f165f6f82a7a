import { SvelteURL } from 'svelte/reactivity';

const ORIGIN = 'https://clinic.org';

/** The page of the router, in a test that has no router: it is where the test says. */
export const page = { url: new SvelteURL(ORIGIN) };

/** Goes to a path, as Back or a link does. */
export function arriveAt(path: string): void {
  page.url.href = `${ORIGIN}${path}`;
}
