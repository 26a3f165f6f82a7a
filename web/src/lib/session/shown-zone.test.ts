import { afterEach, expect, it } from 'vitest';
import { ShownZone } from './shown-zone.svelte.ts';

const OWN = 'America/New_York';
const make = (): ShownZone => ShownZone.create(() => OWN);

afterEach(() => make().back());

it('is the zone of the device until another one is chosen, also on the next page of the visit', () => {
  const zone = make();
  expect([zone.current, zone.isOther]).toEqual([OWN, false]);
  zone.choose('Europe/Berlin');
  expect([zone.current, zone.isOther]).toEqual(['Europe/Berlin', true]);
  expect([make().current, make().own]).toEqual(['Europe/Berlin', OWN]);
});

it('goes back to the zone of the device, and forgets the other one', () => {
  const zone = make();
  zone.choose('Europe/Berlin');
  zone.back();
  expect([zone.current, make().current]).toEqual([OWN, OWN]);
});

it('takes the choice of the own zone for going back', () => {
  const zone = make();
  zone.choose('Europe/Berlin');
  zone.choose(OWN);
  expect(ShownZone.create(() => 'Asia/Tokyo').current).toBe('Asia/Tokyo');
});

it('does not believe a zone that is none', () => {
  sessionStorage.setItem('hc.shown-zone', 'Europe/Nowhere');
  expect(make().current).toBe(OWN);
});
