import { tabStorage } from '../storage.ts';

/** Keeps what was typed while the page is loaded again (R34). Never give it a password or a code. */
export class Draft<T extends Readonly<Record<string, string>>> {
  readonly #key: string;

  private constructor(key: string) {
    this.#key = key;
  }

  static create<T extends Readonly<Record<string, string>>>(key: string): Draft<T> {
    return new Draft<T>(key);
  }

  /** What was kept of these fields; the rest as given. */
  restore(initial: T): T {
    const kept = parse(tabStorage.getItem(this.#key));
    const entries = Object.entries(initial).map(([name, value]): [string, string] => {
      const before = kept[name];
      return [name, typeof before === 'string' ? before : value];
    });
    return { ...initial, ...Object.fromEntries<string>(entries) };
  }

  keep(fields: T): void {
    tabStorage.setItem(this.#key, JSON.stringify(fields));
  }

  forget(): void {
    tabStorage.removeItem(this.#key);
  }
}

/** What is typed to make an account, until it is sent or the page is left. */
export const signUpDraft = Draft.create('hc.signup');

/** The address of a sign-in, over its steps. */
export const loginDraft = Draft.create<{ readonly email: string }>('hc.login');

function parse(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
