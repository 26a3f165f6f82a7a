import { expect, it } from 'vitest';
import { lastDate } from './bookable-days.ts';

const now = Date.parse('2030-05-06T22:30:00Z');

it('counts from the day of the doctor and ends with it, whatever it is called elsewhere', () => {
  // It is 7 May in Berlin: the last of 30 days is 5 June, which ends at 22:00 UTC.
  const doctor = { timeZone: 'Europe/Berlin', furthestDays: 30 };
  expect(lastDate('Europe/Berlin', doctor, now)).toBe('2030-06-05');
  expect(lastDate('America/New_York', doctor, now)).toBe('2030-06-05');
  expect(lastDate('Pacific/Auckland', doctor, now)).toBe('2030-06-06');
});
