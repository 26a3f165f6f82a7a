import { permits, ProductError, type Access, type AccountStatus, type Role } from '@health-connect/contract';

/** Who is asking: the signed-in account as the database knows it at this moment. */
export interface Actor {
  readonly accountId: string;
  readonly role: Role;
  readonly name: string;
  readonly email: string;
  readonly status: AccountStatus;
  readonly avatarId: string | null;
  readonly timeZone: string | null;
  readonly sessionId: string;
  readonly sessionExpiresAt: Date;
}

/**
 * Refuses who does not satisfy the declared access.
 * @throws ProductError `unauthenticated` for a visitor, `forbidden` for an account of another role,
 * `account_pending` for a role's work before an administrator has approved the account
 */
export function requireAccess(declared: Access, actor: Actor | undefined): void {
  if (!permits(declared, actor?.role)) throw new ProductError(actor === undefined ? 'unauthenticated' : 'forbidden');
  if (declared.kind === 'roles' && actor?.status !== 'active') throw new ProductError('account_pending');
}

/**
 * Refuses a caller who takes the session for that of another account: its page still shows who was signed in before.
 * @param believed id of the account that the caller shows; nothing is refused when it says none
 * @throws ProductError `account_changed`
 */
export function requireBelieved(believed: unknown, actor: Actor | undefined): void {
  if (believed === undefined || actor === undefined) return;
  if (believed !== actor.accountId) throw new ProductError('account_changed');
}

const ACCESS_KINDS: readonly string[] = [
  'public',
  'visitor',
  'signed-in',
  'roles',
  'media-node',
] satisfies Access['kind'][];

/** The access rule again, checked at run time: a declaration that lost its types must not open a route. */
export function hasAccessRule(declaration: { readonly access?: { readonly kind?: unknown } | undefined }): boolean {
  return typeof declaration.access?.kind === 'string' && ACCESS_KINDS.includes(declaration.access.kind);
}
