import type { Device } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';

/** "Firefox on Windows", or what is known of it. */
export function deviceName({ browser, system }: Device): string {
  if (browser !== null && system !== null) return m['device.on']({ browser, system });
  return browser ?? system ?? m['device.unknown']();
}
