import { systemEndpoints } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { browserStorage } from '../storage.ts';

const KEY = 'hc.clinic-phone';

/** How the clinic is reached, also while its server is not: that is when people need it. */
export class ClinicContact {
  readonly #call: ApiCall;
  #phone = $state(browserStorage.getItem(KEY) ?? undefined);

  private constructor(call: ApiCall) {
    this.#call = call;
  }

  static create(call: ApiCall): ClinicContact {
    return new ClinicContact(call);
  }

  /** Its telephone number, as it was told last; `undefined` where it has told none. */
  get phone(): string | undefined {
    return this.#phone;
  }

  /** Asks the server. Without an answer what it told before stays. Never throws. */
  async load(): Promise<void> {
    const { phone } = await this.#call(systemEndpoints.clinic, {}).catch(() => ({ phone: this.#phone ?? null }));
    this.#phone = phone ?? undefined;
    if (phone === null) browserStorage.removeItem(KEY);
    else browserStorage.setItem(KEY, phone);
  }
}
