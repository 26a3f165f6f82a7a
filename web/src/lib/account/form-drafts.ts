import { tabStorage } from '../storage.ts';
import { Draft, loginDraft, signUpDraft } from './draft.ts';

const PREFIX = 'hc.form.';

type Fields = Readonly<Record<string, string>>;

/**
 * Keeps what somebody types into a form until it is saved, so that it is there again when they had to sign in in
 * between, on whatever way (R34). For one account and this tab only. Never give it a password or a code.
 */
export class FormDraft<T extends Fields> {
  readonly #draft: Draft<T> | undefined;
  readonly #initial: T;

  private constructor(draft: Draft<T> | undefined, initial: T) {
    this.#draft = draft;
    this.#initial = initial;
  }

  /**
   * @param accountId whose words they are; a visitor's are not kept
   * @param form names the form and what it is about, for example `amend.<appointment id>`
   * @param initial the fields when nothing was typed: these are never kept
   */
  static of<T extends Fields>(accountId: string | undefined, form: string, initial: T): FormDraft<T> {
    const draft = accountId === undefined ? undefined : Draft.create<T>(`${PREFIX}${accountId}.${form}`);
    return new FormDraft(draft, initial);
  }

  /** What was kept of the fields; the rest as it was initially. */
  restore(): T {
    return this.#draft?.restore(this.#initial) ?? this.#initial;
  }

  keep(fields: T): void {
    const untouched = Object.entries(this.#initial).every(([name, value]) => fields[name] === value);
    if (untouched) this.forget();
    else this.#draft?.keep(fields);
  }

  /** Once it is saved, or given up. */
  forget(): void {
    this.#draft?.forget();
  }
}

/**
 * Removes what was typed into forms: words to a doctor, or who somebody is, must not stay on a shared computer.
 * @param exceptAccountId whose words stay
 */
export function forgetDrafts(exceptAccountId?: string): void {
  loginDraft.forget();
  signUpDraft.forget();
  const kept = exceptAccountId === undefined ? undefined : `${PREFIX}${exceptAccountId}.`;
  const gone = tabStorage
    .keys()
    .filter((key) => key.startsWith(PREFIX) && (kept === undefined || !key.startsWith(kept)));
  for (const key of gone) tabStorage.removeItem(key);
}
