import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { AuthService } from './auth.service.ts';

/** Sign-in, sign-out and the own account (R46). */
export function authRoutes(auth: AuthService): Binding[] {
  return [
    bind(endpoints.auth.login, async ({ body, sessionCookie }) => {
      const { account, token, expiresAt } = await auth.login(body, sessionCookie.token);
      sessionCookie.set(token, expiresAt);
      return { account };
    }),
    bind(endpoints.auth.logout, async ({ sessionCookie }) => {
      await auth.logout(sessionCookie.token);
      sessionCookie.clear();
      return {};
    }),
    bind(endpoints.auth.me, ({ actor }) => {
      const { accountId, role, name, email } = actor;
      return Promise.resolve({ account: { id: accountId, role, name, email } });
    }),
  ];
}
