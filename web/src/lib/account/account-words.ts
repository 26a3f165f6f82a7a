import type { AccountStatus, Role } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';

/** A role in words. */
export function roleWords(role: Role): string {
  switch (role) {
    case 'patient':
      return m['role.patient']();
    case 'doctor':
      return m['role.doctor']();
    case 'staff':
      return m['role.staff']();
    case 'administrator':
      return m['role.administrator']();
  }
}

/** The status of an account in words. */
export function statusWords(status: AccountStatus): string {
  switch (status) {
    case 'unconfirmed':
      return m['status.unconfirmed']();
    case 'pending':
      return m['status.pending']();
    case 'active':
      return m['status.active']();
    case 'disabled':
      return m['status.disabled']();
  }
}
