import type { AccountRepository } from '../accounts/account.repository.ts';
import type { Clock } from '../clock.ts';
import type { FileStore } from '../database/file-store.ts';

/** No upload takes so long: a picture that no account names by then was left behind. */
export const LEFT_BEHIND_MS = 60 * 60_000;
/** So many are looked at at a time. */
export const LEFT_PICTURES_BATCH = 500;

interface Parts {
  readonly files: Pick<FileStore, 'storedBefore' | 'remove'>;
  readonly accounts: Pick<AccountRepository, 'byIds'>;
  readonly clock: Clock;
}

/**
 * Deletes pictures that nobody has: of an upload that was cut off, or whose deletion failed when another one took its
 * place. Nobody is shown them meanwhile. Safe to run in several processes at once, and to be cut off at any point.
 */
export class LeftPictures {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): LeftPictures {
    return new LeftPictures(parts);
  }

  async remove(): Promise<void> {
    const { files, accounts, clock } = this.#parts;
    const before = new Date(clock.now() - LEFT_BEHIND_MS);
    let after: string | undefined;
    for (;;) {
      const found = await files.storedBefore(before, after, LEFT_PICTURES_BATCH);
      const owners = await accounts.byIds(found.flatMap(({ accountId }) => accountId ?? []));
      const left = found.filter(({ id, accountId }) => owners.get(accountId ?? '')?.avatarId !== id);
      for (const { id } of left) await files.remove(id);
      after = found.at(-1)?.id;
      if (found.length < LEFT_PICTURES_BATCH) return;
    }
  }
}
