import { expect, it } from 'vitest';
import { ageOf } from './age.ts';

it('counts full years, also over a birthday on a leap day', () => {
  expect(ageOf('1990-06-15', new Date(2030, 5, 14))).toBe(39);
  expect(ageOf('1990-06-15', new Date(2030, 5, 15))).toBe(40);
  expect(ageOf('2000-02-29', new Date(2029, 1, 28))).toBe(28);
  expect(ageOf('2000-02-29', new Date(2029, 2, 1))).toBe(29);
});
