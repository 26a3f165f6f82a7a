import { ProductError } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';

/** Words for the server's refusal of a new password: its list of common ones is longer than ours. */
export function passwordRefusal(error: unknown): string | undefined {
  return error instanceof ProductError && error.code === 'password_common' ? m['password.common']() : undefined;
}
