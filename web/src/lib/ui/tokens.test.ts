import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contrastRatio, over } from './contrast.ts';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

function tokensOf(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf('}', start));
  const tokens = new Map(
    [...block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
  if (tokens.size === 0) throw new Error(`No tokens under ${selector}`);
  return tokens;
}

const themes = {
  light: tokensOf(':root'),
  dark: tokensOf(":root[data-theme='dark']"),
  stage: tokensOf('.stage-theme'),
};

function ratio(theme: keyof typeof themes, first: string, second: string): number {
  const pick = (name: string) => {
    const value = themes[theme].get(name);
    if (value === undefined) throw new Error(`No token ${name} in ${theme}`);
    return value;
  };
  return contrastRatio(pick(first), pick(second));
}

/** [token, token, contrast in the light theme, in the dark theme]: the figures of the design brief, section 2. */
const pairs: readonly (readonly [string, string, number, number])[] = [
  ['line', 'surface', 1.45, 1.47],
  ['edge', 'canvas', 3.88, 4.71],
  ['edge', 'surface', 4.17, 4.28],
  ['edge', 'sunken', 3.54, 4.96],
  ['text', 'canvas', 15.41, 15.79],
  ['text', 'surface', 16.55, 14.33],
  ['text', 'sunken', 14.06, 16.61],
  ['text', 'primary-soft', 14.16, 11.01],
  ['text2', 'canvas', 7.36, 8.81],
  ['text2', 'surface', 7.91, 8.0],
  ['text2', 'sunken', 6.72, 9.27],
  ['text2', 'primary-soft', 6.77, 6.15],
  ['primary', 'canvas', 7.11, 9.22],
  ['primary', 'surface', 7.64, 8.36],
  ['primary', 'green', 6.91, 5.87],
  ['on-primary', 'primary', 7.64, 8.98],
  ['on-primary', 'primary-hover', 9.62, 10.97],
  ['on-primary-soft', 'primary-soft', 8.09, 8.94],
  ['on-green', 'green', 9.41, 9.02],
  ['green-edge', 'surface', 6.21, 6.17],
  ['green-edge', 'canvas', 5.78, 6.8],
  ['green-edge', 'green', 5.62, 4.33],
  ['on-yellow', 'yellow', 9.02, 7.34],
  ['yellow-edge', 'surface', 4.15, 7.51],
  ['yellow-edge', 'canvas', 3.86, 8.28],
  ['yellow-edge', 'yellow', 3.29, 3.73],
  ['on-gray', 'gray', 6.03, 7.05],
  ['gray-edge', 'surface', 3.95, 3.62],
  ['gray-edge', 'canvas', 3.68, 3.99],
  ['on-red', 'red', 8.01, 9.29],
  ['on-danger', 'danger', 7.04, 7.34],
  ['on-danger', 'danger-hover', 9.24, 9.4],
  ['danger', 'surface', 7.04, 6.76],
  ['danger', 'canvas', 6.55, 7.45],
  ['focus', 'canvas', 10.44, 13.78],
  ['focus', 'surface', 11.22, 12.51],
  ['focus', 'sunken', 9.53, 14.5],
];

const stagePairs: readonly (readonly [string, string, number])[] = [
  ['stage-text', 'stage', 17.2],
  ['stage-text', 'tile', 14.23],
  ['stage-text', 'bar', 15.9],
  ['stage-text', 'btn', 10.85],
  ['stage-text', 'btn-hover', 8.35],
  ['stage-text2', 'stage', 10.19],
  ['stage-text2', 'tile', 8.43],
  ['stage-text2', 'bar', 9.42],
  ['on-off', 'off', 8.01],
  ['off', 'bar', 14.8],
  ['on-leave', 'leave', 5.27],
  ['leave', 'bar', 3.33],
  ['on-notice', 'notice', 9.02],
  ['speaking', 'stage', 11.45],
  ['speaking', 'tile', 9.47],
  ['stage-edge', 'stage', 4.82],
  ['stage-edge', 'bar', 4.46],
];

describe('design tokens', () => {
  it.each(pairs)('%s on %s has the contrast of the brief', (first, second, light, dark) => {
    expect(ratio('light', first, second)).toBeCloseTo(light, 2);
    expect(ratio('dark', first, second)).toBeCloseTo(dark, 2);
  });

  it.each(stagePairs)('%s on %s on the stage has the contrast of the brief', (first, second, expected) => {
    expect(ratio('stage', first, second)).toBeCloseTo(expected, 2);
  });

  it('keeps text readable on plates and scrims over any video', () => {
    const [stage = '', text = ''] = ['stage', 'stage-text'].map((name) => themes.stage.get(name));
    expect(contrastRatio(text, over(stage, 0.8, '#ffffff'))).toBeCloseTo(9.35, 1);
    expect(contrastRatio(text, over(stage, 0.85, '#ffffff'))).toBeCloseTo(11.23, 1);
  });

  it('shows one of the two focus rings over any gray of video', () => {
    const rings = ['focus-inner', 'focus-outer'].map((name) => themes.stage.get(name) ?? '');
    for (let level = 0; level <= 255; level += 1) {
      const gray = `#${level.toString(16).padStart(2, '0').repeat(3)}`;
      expect(Math.max(...rings.map((ring) => contrastRatio(ring, gray)))).toBeGreaterThanOrEqual(3.78);
    }
  });

  it('has the same tokens in both themes', () => {
    expect([...themes.dark.keys()]).toEqual([...themes.light.keys()]);
  });
});
