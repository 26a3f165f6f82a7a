import type { AccountStatus, InvitedRole, Role } from '@health-connect/contract';
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

/** As what somebody is invited. */
export function invitedWords(role: InvitedRole): string {
  switch (role) {
    case 'doctor':
      return m['invitation.asDoctor']();
    case 'staff':
      return m['invitation.asStaff']();
    case 'administrator':
      return m['invitation.asAdministrator']();
  }
}

/** As what somebody is signed in who is no patient. */
export function signedInWords(role: InvitedRole): string {
  switch (role) {
    case 'doctor':
      return m['book.asDoctor']();
    case 'staff':
      return m['book.asStaff']();
    case 'administrator':
      return m['book.asAdministrator']();
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
