import type { Account } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';

/** A place in the navigation; it is the current one on every page under its `area`. */
export interface NavigationItem {
  readonly href: string;
  readonly area: string;
  readonly label: string;
  readonly icon:
    | 'home'
    | 'doctors'
    | 'sign-in'
    | 'appointments'
    | 'patients'
    | 'schedule'
    | 'record'
    | 'administration'
    | 'settings';
}

const findDoctor = (): NavigationItem => ({
  href: '/doctors',
  area: '/doctors',
  label: m['nav.findDoctor'](),
  icon: 'doctors',
});

/** Where somebody can go who is not signed in. */
export function visitorNavigation(): readonly NavigationItem[] {
  return [findDoctor(), { href: '/login', area: '/login', label: m['nav.signIn'](), icon: 'sign-in' }];
}

/** Where somebody can go, in order. */
export function navigationOf({ role, status }: Pick<Account, 'role' | 'status'>): readonly NavigationItem[] {
  const items: NavigationItem[] = [];
  const cares = (role === 'doctor' || role === 'patient') && status === 'active';
  if (cares) {
    items.push({ href: '/home', area: '/home', label: m['nav.home'](), icon: 'home' });
    items.push({
      href: '/appointments',
      area: '/appointments',
      label: m['nav.appointments'](),
      icon: 'appointments',
    });
  }
  if (role === 'patient') {
    items.push(findDoctor());
    items.push({ href: '/records', area: '/records', label: m['nav.access'](), icon: 'record' });
  }
  if (role === 'doctor' && cares) {
    items.push({ href: '/patients', area: '/patients', label: m['nav.patients'](), icon: 'patients' });
  }
  if (role === 'doctor') {
    items.push({ href: '/schedule', area: '/schedule', label: m['nav.schedule'](), icon: 'schedule' });
  }
  if (role === 'administrator') {
    items.push({ href: '/admin/people', area: '/admin', label: m['nav.admin'](), icon: 'administration' });
  }
  items.push({ href: '/settings', area: '/settings', label: m['nav.settings'](), icon: 'settings' });
  return items;
}
