import { timeZoneSchema } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { zonePeriods } from './zone-periods.ts';

const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
/** All that could be short for somebody's time: `IST`, `PST` and their like are among them. */
const SHORT_NAMES = LETTERS.flatMap((one) => LETTERS.map((two) => `${one}${two}T`));
const LEGACY_NAMES = [
  ...['CST6CDT', 'EST5EDT', 'MST7MDT', 'PST8PDT', 'GMT0', 'GMT+0', 'GMT-0', 'GB', 'GB-Eire', 'NZ', 'NZ-CHAT', 'W-SU'],
  ...['Cuba', 'Egypt', 'Eire', 'Hongkong', 'Iceland', 'Iran', 'Israel', 'Jamaica', 'Japan', 'Kwajalein', 'Libya'],
  ...['Navajo', 'Poland', 'Portugal', 'Singapore', 'Turkey', 'Universal', 'Greenwich', 'Zulu', 'Factory', 'localtime'],
  ...['US/Pacific', 'US/Pacific-New', 'Asia/Calcutta', 'Asia/Hanoi', 'Etc/GMT+5', 'Etc/GMT-14', 'Etc/Unknown'],
  ...['SystemV/AST4', 'SystemV/EST5EDT', '+05:30', '+0530', '+05', '-00:00', '', 'Mars/Olympus'],
];
const IANA_SHORT_NAMES = ['CET', 'EET', 'EST', 'GMT', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'UTC', 'WET'];

const isReckonable = (timeZone: string): boolean => {
  try {
    return zonePeriods(timeZone, 0, 1).length > 0;
  } catch {
    return false;
  }
};
const isAccepted = (timeZone: string): boolean => timeZoneSchema.safeParse(timeZone).success;

describe('zones', () => {
  it('that are let in are zones in which dates can be reckoned, however they are written', () => {
    const inOtherCase = [...SHORT_NAMES, 'EUROPE/BERLIN', 'UTC'].map((name) => name.toLowerCase());
    const names = [...Intl.supportedValuesOf('timeZone'), ...SHORT_NAMES, ...LEGACY_NAMES, ...inOtherCase];
    expect(names.filter((name) => isAccepted(name) && !isReckonable(name))).toEqual([]);
  });

  it('of IANA are all let in', () => {
    const names = [...Intl.supportedValuesOf('timeZone'), ...IANA_SHORT_NAMES, 'Asia/Calcutta', 'US/Pacific', 'Japan'];
    expect(names.filter((name) => !isAccepted(name))).toEqual([]);
  });

  it.each(['IST', 'ist', 'PST', 'AST', 'ACT', 'CST'])('%s means several places and is refused', (name) => {
    expect(isAccepted(name)).toBe(false);
  });
});
