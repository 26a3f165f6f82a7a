import { timeZoneSchema } from '@health-connect/contract';
import { viewerZone } from '../i18n/format.ts';
import { tabStorage } from '../storage.ts';

const KEY = 'hc.shown-zone';

/**
 * The zone in which times are shown where somebody looks for one: that of the device, unless they chose another one. The
 * choice holds for this visit only, so that nobody is shown another place's times without knowing on another day.
 */
export class ShownZone {
  #chosen = $state.raw<string | undefined>();
  readonly #own: () => string;

  private constructor(own: () => string) {
    this.#own = own;
    this.#chosen = timeZoneSchema.safeParse(tabStorage.getItem(KEY)).data;
  }

  /** @param own the zone of the device */
  static create(own: () => string = viewerZone): ShownZone {
    return new ShownZone(own);
  }

  /** The zone of the device. */
  get own(): string {
    return this.#own();
  }

  get current(): string {
    return this.#chosen ?? this.own;
  }

  /** Another one than that of the device. */
  get isOther(): boolean {
    return this.current !== this.own;
  }

  choose(zone: string): void {
    if (zone === this.own) {
      this.back();
      return;
    }
    this.#chosen = zone;
    tabStorage.setItem(KEY, zone);
  }

  /** Back to the zone of the device. */
  back(): void {
    this.#chosen = undefined;
    tabStorage.removeItem(KEY);
  }
}
