import type { Role } from '@health-connect/contract';

/** The page at which somebody begins. */
export function homePath(role: Role): string {
  switch (role) {
    case 'patient':
    case 'doctor':
      return '/home';
    case 'staff':
      return '/settings';
    case 'administrator':
      return '/admin/people';
  }
}
