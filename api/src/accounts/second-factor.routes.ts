import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import { letIn } from './auth.routes.ts';
import type { AuthService } from './auth.service.ts';
import type { KnownDevices } from './known-devices.ts';
import { originOf } from './origin.ts';
import type { SecondFactorService } from './second-factor.service.ts';

/** The second factor: second step of a sign-in, setting it up, giving it up. */
export function secondFactorRoutes(
  auth: AuthService,
  secondFactor: SecondFactorService,
  devices: KnownDevices,
): Binding[] {
  const { status, signIn, enrol, confirmEnrolment, setUp, confirm, disable, renewRecoveryCodes } =
    endpoints.secondFactor;
  return [
    bind(status, ({ actor }) => secondFactor.status(actor)),
    bind(signIn, async ({ body: { ticket, ...codes }, cookies, userAgent }) => {
      const entered = await auth.signInWithCode(ticket, codes, cookies, originOf(userAgent));
      letIn(cookies, entered, devices);
      return { account: entered.account };
    }),
    bind(enrol, ({ body }) => auth.enrol(body.ticket)),
    bind(confirmEnrolment, async ({ body, cookies, userAgent }) => {
      const entered = await auth.confirmEnrolment(body, cookies, originOf(userAgent));
      letIn(cookies, entered, devices);
      return { account: entered.account, recoveryCodes: entered.recoveryCodes };
    }),
    bind(setUp, ({ actor, body }) => secondFactor.setUp(actor, body)),
    bind(confirm, async ({ actor, body }) => ({ recoveryCodes: await secondFactor.confirm(actor, body.code) })),
    bind(disable, async ({ actor, body }) => {
      await secondFactor.disable(actor, body);
      return {};
    }),
    bind(renewRecoveryCodes, async ({ actor, body }) => {
      return { recoveryCodes: await secondFactor.renewRecoveryCodes(actor, body) };
    }),
  ];
}
