/** What must change so that what we have becomes what the server says. */
export interface Difference<T> {
  /** Ids that we have and the server does not. */
  readonly gone: readonly string[];
  /** What the server has and we do not. */
  readonly added: readonly T[];
  /** What both have, as the server describes it now. */
  readonly kept: readonly T[];
}

/** Compares by id. Order follows the server's list. */
export function reconcile<T extends { readonly id: string }>(
  have: Iterable<string>,
  wanted: readonly T[],
): Difference<T> {
  const mine = new Set(have);
  const theirs = new Set(wanted.map((item) => item.id));
  return {
    gone: [...mine].filter((id) => !theirs.has(id)),
    added: wanted.filter((item) => !mine.has(item.id)),
    kept: wanted.filter((item) => mine.has(item.id)),
  };
}
