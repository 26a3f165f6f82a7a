import { endpoints, openApiDocument } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import { SESSION_COOKIE } from '../http/cookie.ts';

/** What an installation says of itself. */
export function systemRoutes(clinicPhone: string | undefined): Binding[] {
  const document = openApiDocument(endpoints, SESSION_COOKIE);
  return [
    bind(endpoints.system.openApi, () => Promise.resolve(document)),
    bind(endpoints.system.clinic, () => Promise.resolve({ phone: clinicPhone ?? null })),
  ];
}
