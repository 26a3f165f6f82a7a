import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { SignUpService } from './signup.service.ts';

/** Sign-up, confirmation of the address, and a forgotten password (R46). */
export function signUpRoutes(service: SignUpService): Binding[] {
  return [
    bind(endpoints.signUp.signUp, async ({ body }) => {
      await service.signUp(body);
      return {};
    }),
    bind(endpoints.signUp.confirmEmail, async ({ body }) => ({ status: await service.confirmEmail(body.token) })),
    bind(endpoints.signUp.resendConfirmation, async ({ body }) => {
      await service.resend(body.email);
      return {};
    }),
    bind(endpoints.recovery.forgot, async ({ body }) => {
      await service.forgot(body.email);
      return {};
    }),
    bind(endpoints.recovery.reset, async ({ body }) => {
      await service.resetPassword(body.token, body.password);
      return {};
    }),
  ];
}
