import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { cityOf } from './format.ts';

export interface ZoneOption {
  readonly value: string;
  readonly label: string;
}

/** Zones of one part of the world, by the names of their places. */
export interface ZoneGroup {
  readonly label: string;
  readonly zones: readonly ZoneOption[];
}

/** Parts of the world, as zones begin with them. What begins otherwise names no place. */
const REGIONS: Readonly<Record<string, () => string>> = {
  Africa: () => m['zone.africa'](),
  America: () => m['zone.america'](),
  Antarctica: () => m['zone.antarctica'](),
  Arctic: () => m['zone.arctic'](),
  Asia: () => m['zone.asia'](),
  Atlantic: () => m['zone.atlantic'](),
  Australia: () => m['zone.australia'](),
  Europe: () => m['zone.europe'](),
  Indian: () => m['zone.indian'](),
  Pacific: () => m['zone.pacific'](),
};

/** "Buenos Aires, Argentina" of `America/Argentina/Buenos_Aires`: the place comes first, so that typing it finds it. */
function placeOf(zone: string): string {
  const [, ...inner] = zone.split('/').slice(0, -1);
  return [cityOf(zone), ...inner.map((part) => part.replaceAll('_', ' '))].join(', ');
}

/** Every zone that this browser knows, by part of the world. Older browsers name none. */
export function zoneGroups(
  known: readonly string[] = 'supportedValuesOf' in Intl ? Intl.supportedValuesOf('timeZone') : [],
): ZoneGroup[] {
  const { compare } = new Intl.Collator(getLocale());
  return Object.entries(REGIONS)
    .map(([region, label]) => ({
      label: label(),
      zones: known
        .filter((zone) => zone.startsWith(`${region}/`))
        .map((zone) => ({ value: zone, label: placeOf(zone) }))
        .sort((one, other) => compare(one.label, other.label)),
    }))
    .filter(({ zones }) => zones.length > 0)
    .sort((one, other) => compare(one.label, other.label));
}
