import type { Device } from '@health-connect/contract';

type Rule = readonly [RegExp, string];

/** In this order: most browsers name others after which they come. */
const BROWSERS: readonly Rule[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly Rule[] = [
  [/\biPhone\b/, 'iOS'],
  [/\biPad\b/, 'iPadOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];
/** What is looked at of a header that anybody may fill with anything. */
const MAX_LENGTH = 400;

const firstMatch = (rules: readonly Rule[], text: string): string | null =>
  rules.find(([pattern]) => pattern.test(text))?.[1] ?? null;

function kindOf(agent: string, system: string | null): Device['kind'] {
  if (system === 'iPadOS' || (system === 'Android' && !/\bMobile\b/.test(agent))) return 'tablet';
  if (system === 'iOS' || system === 'Android') return 'phone';
  return system === null ? 'other' : 'computer';
}

/** Words for a device from its user agent; only these words are stored (least data, R36). */
export function deviceOf(userAgent: string | undefined): Device {
  const agent = (userAgent ?? '').slice(0, MAX_LENGTH);
  const system = firstMatch(SYSTEMS, agent);
  return { browser: firstMatch(BROWSERS, agent), system, kind: kindOf(agent, system) };
}
