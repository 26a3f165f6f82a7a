import { endpoints } from '@health-connect/contract';
import { bind, type Binding, type SessionCookies } from '../http/binding.ts';
import type { AuthService, SignedIn } from './auth.service.ts';
import type { KnownDevices } from './known-devices.ts';
import { originOf } from './origin.ts';

/** Gives a browser the cookies of somebody who has just proved themselves, and remembers it as theirs. */
export function letIn(cookies: SessionCookies, { account, tokens }: SignedIn, devices: KnownDevices): void {
  cookies.set(tokens);
  cookies.keepDevice(devices.remember(cookies.device, account.email));
}

/** Sign-in, sign-out and the own account (R46). */
export function authRoutes(auth: AuthService, devices: KnownDevices): Binding[] {
  return [
    bind(endpoints.auth.login, async ({ body, cookies, userAgent }) => {
      const step = await auth.login(body, cookies, originOf(userAgent));
      if ('ticket' in step) return step;
      letIn(cookies, step, devices);
      return { status: 'signed-in' as const, account: step.account };
    }),
    bind(endpoints.auth.refresh, async ({ cookies, userAgent }) => {
      const renewed = await auth.refresh(cookies, originOf(userAgent));
      letIn(cookies, renewed, devices);
      return { account: renewed.account };
    }),
    bind(endpoints.auth.logout, async ({ cookies }) => {
      await auth.logout(cookies);
      cookies.clear();
      return {};
    }),
    bind(endpoints.auth.me, ({ actor }) => {
      const { accountId, role, name, email, status, avatarId, timeZone } = actor;
      return Promise.resolve({ account: { id: accountId, role, name, email, status, avatarId, timeZone } });
    }),
  ];
}
