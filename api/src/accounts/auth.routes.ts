import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { AuthService } from './auth.service.ts';
import { originOf } from './origin.ts';

/** Sign-in, sign-out and the own account (R46). */
export function authRoutes(auth: AuthService): Binding[] {
  return [
    bind(endpoints.auth.login, async ({ body, cookies, userAgent }) => {
      const step = await auth.login(body, cookies, originOf(userAgent));
      if ('ticket' in step) return step;
      cookies.set(step.tokens);
      return { status: 'signed-in' as const, account: step.account };
    }),
    bind(endpoints.auth.refresh, async ({ cookies, userAgent }) => {
      const { account, tokens } = await auth.refresh(cookies, originOf(userAgent));
      cookies.set(tokens);
      return { account };
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
