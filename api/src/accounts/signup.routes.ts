import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { KnownDevices } from './known-devices.ts';
import type { SignUpService } from './signup.service.ts';

/** Sign-up, confirmation of the address, and a forgotten password (R46). */
export function signUpRoutes(service: SignUpService, devices: KnownDevices): Binding[] {
  return [
    bind(endpoints.signUp.signUp, async ({ body }) => {
      await service.signUp(body);
      return {};
    }),
    bind(endpoints.signUp.confirmEmail, ({ body }) => service.confirmEmail(body.token, body.password)),
    bind(endpoints.signUp.resendConfirmation, async ({ body }) => {
      await service.resend(body.email);
      return {};
    }),
    bind(endpoints.recovery.forgot, async ({ body }) => {
      await service.forgot(body.email);
      return {};
    }),
    bind(endpoints.recovery.reset, async ({ body, cookies }) => {
      const email = await service.resetPassword(body.token, body.password);
      // Whoever opens the account's mail is its owner: they get in here, however many others guess at it meanwhile.
      cookies.keepDevice(devices.remember(cookies.device, email));
      return {};
    }),
  ];
}
