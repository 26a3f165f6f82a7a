import { keepIfPossible } from '../storage.ts';

/** The devices that were last chosen in this browser, by device id. */
export interface DeviceChoice {
  readonly microphone?: string;
  readonly camera?: string;
  readonly speaker?: string;
}

const CHOICE_KEY = 'hc.devices';
const CHOICES = ['microphone', 'camera', 'speaker'] as const;

/** The remembered choice; anything out of shape counts as none. */
export function storedDeviceChoice(storage: Storage): DeviceChoice {
  try {
    const value: unknown = JSON.parse(storage.getItem(CHOICE_KEY) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    const entries = Object.entries(value).filter(
      ([name, id]) => CHOICES.some((choice) => choice === name) && typeof id === 'string',
    );
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

/** Remembers a choice on top of the earlier ones. */
export function storeDeviceChoice(storage: Storage, choice: DeviceChoice): void {
  keepIfPossible(storage, CHOICE_KEY, JSON.stringify({ ...storedDeviceChoice(storage), ...choice }));
}
