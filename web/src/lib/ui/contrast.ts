/** Contrast of two opaque colours as WCAG 2 computes it (relative luminance, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). */
export function contrastRatio(first: string, second: string): number {
  const [lighter, darker] = [luminance(first), luminance(second)].sort((a, b) => b - a);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = channels(hex).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(hex: string): number[] {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) throw new TypeError(`Not a colour in six hexadecimal digits: ${hex}`);
  return [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16));
}

/** The opaque colour that a translucent one gives over another, in sRGB as browsers blend. */
export function over(hex: string, alpha: number, behind: string): string {
  const back = channels(behind);
  const mixed = channels(hex).map((value, index) => Math.round(value * alpha + (back[index] ?? 0) * (1 - alpha)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
