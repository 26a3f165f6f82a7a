import { keepIfPossible } from '../storage.ts';

export const CORNERS = ['bottomEnd', 'bottomStart', 'topEnd', 'topStart'] as const;
export type Corner = (typeof CORNERS)[number];
export type Fit = 'whole' | 'fill';

const PREFERENCES_KEY = 'hc.room';

interface Stored {
  readonly corner: Corner | undefined;
  readonly selfShown: boolean;
  readonly fit: Fit | undefined;
  readonly keys: boolean | undefined;
}

function read(): Stored {
  const nothing: Stored = { corner: undefined, selfShown: true, fit: undefined, keys: undefined };
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PREFERENCES_KEY) ?? '{}');
    if (typeof value !== 'object' || value === null) return nothing;
    const stored: Partial<Record<keyof Stored, unknown>> = value;
    return {
      corner: CORNERS.find((corner) => corner === stored.corner),
      selfShown: stored.selfShown !== false,
      fit: (['whole', 'fill'] as const).find((fit) => fit === stored.fit),
      keys: typeof stored.keys === 'boolean' ? stored.keys : undefined,
    };
  } catch {
    return nothing;
  }
}

/** How a person likes the room in this browser. What they never chose follows their role. */
export class RoomPreferences {
  readonly #staff: boolean;
  #stored = $state.raw<Stored>(read());

  private constructor(staff: boolean) {
    this.#staff = staff;
  }

  /** @param staff doctors see the whole picture and have keys unless they chose otherwise */
  static create(staff: boolean): RoomPreferences {
    return new RoomPreferences(staff);
  }

  /** On a phone at the top, where it does not cover the name of the other person. */
  get corner(): Corner {
    return this.#stored.corner ?? (matchMedia('(max-width: 767px)').matches ? 'topEnd' : 'bottomEnd');
  }

  get selfShown(): boolean {
    return this.#stored.selfShown;
  }

  /** Doctors see all that a camera shows: nothing clinical is cropped away. */
  get fit(): Fit {
    return this.#stored.fit ?? (this.#staff ? 'whole' : 'fill');
  }

  get keys(): boolean {
    return this.#stored.keys ?? this.#staff;
  }

  change(change: Partial<Stored>): void {
    this.#stored = { ...this.#stored, ...change };
    keepIfPossible(localStorage, PREFERENCES_KEY, JSON.stringify(this.#stored));
  }
}
