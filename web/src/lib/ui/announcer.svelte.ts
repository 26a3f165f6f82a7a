import { untrack } from 'svelte';

/** The same sentence again must be news to a screen reader: a trailing space makes it one. */
function again(shown: string, text: string): string {
  return shown === text ? `${text} ` : text;
}

/** The two live regions of the page, which exist from its load. Assertive is for alerts only. */
export class Announcer {
  #polite = $state('');
  #assertive = $state('');

  static create(): Announcer {
    return new Announcer();
  }

  get politeText(): string {
    return this.#polite;
  }

  get assertiveText(): string {
    return this.#assertive;
  }

  polite(text: string): void {
    this.#polite = again(
      untrack(() => this.#polite),
      text,
    );
  }

  assertive(text: string): void {
    this.#assertive = again(
      untrack(() => this.#assertive),
      text,
    );
  }
}
