import type { Party } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';

/** The role word on a tile. */
export function partyWords(party: Party): string {
  switch (party) {
    case 'doctor':
      return m['role.doctor']();
    case 'patient':
      return m['role.patient']();
    case 'colleague':
      return m['role.colleague']();
  }
}
