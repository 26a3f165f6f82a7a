import { expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import { zoneGroups } from './zone-groups.ts';

it('names zones by their places, under their part of the world', () => {
  expect(zoneGroups(['Europe/Berlin', 'America/New_York', 'America/Argentina/Buenos_Aires', 'Etc/UTC', 'UTC'])).toEqual(
    [
      {
        label: m['zone.america'](),
        zones: [
          { value: 'America/Argentina/Buenos_Aires', label: 'Buenos Aires, Argentina' },
          { value: 'America/New_York', label: 'New York' },
        ],
      },
      { label: m['zone.europe'](), zones: [{ value: 'Europe/Berlin', label: 'Berlin' }] },
    ],
  );
});

it('calls cities by the names that they have now', () => {
  expect(zoneGroups(['Asia/Calcutta', 'Europe/Kiev']).flatMap(({ zones }) => zones.map(({ label }) => label))).toEqual([
    'Kolkata',
    'Kyiv',
  ]);
});

it('leaves out no place that this machine knows', () => {
  const known = Intl.supportedValuesOf('timeZone').filter((zone) => zone.includes('/') && !zone.startsWith('Etc/'));
  const offered = zoneGroups().flatMap(({ zones }) => zones.map(({ value }) => value));
  expect(offered.sort()).toEqual([...known].sort());
});

it('does without a list that an older browser does not have', () => {
  expect(zoneGroups([])).toEqual([]);
});
