import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { PasswordService } from './password.service.ts';

/** The own password. */
export function passwordRoutes(passwords: PasswordService): Binding[] {
  return [
    bind(endpoints.passwords.change, async ({ actor, body }) => {
      await passwords.change(actor, body);
      return {};
    }),
  ];
}
