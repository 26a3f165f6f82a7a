import { resolveTheme, storedTheme, storeTheme, type ThemeChoice } from './theme.ts';

/** The theme of the app: the remembered choice, and the device's preference while the choice is `system`. */
export class Theme {
  #choice = $state<ThemeChoice>('system');
  readonly #prefersDark: MediaQueryList;

  private constructor(prefersDark: MediaQueryList) {
    this.#prefersDark = prefersDark;
    this.#choice = storedTheme(localStorage);
    prefersDark.addEventListener('change', this.#apply);
  }

  static create(): Theme {
    return new Theme(matchMedia('(prefers-color-scheme: dark)'));
  }

  get choice(): ThemeChoice {
    return this.#choice;
  }

  choose(choice: ThemeChoice): void {
    this.#choice = choice;
    storeTheme(localStorage, choice);
    this.#apply();
  }

  close(): void {
    this.#prefersDark.removeEventListener('change', this.#apply);
  }

  readonly #apply = (): void => {
    document.documentElement.dataset['theme'] = resolveTheme(this.#choice, this.#prefersDark.matches);
  };
}
