import { keepIfPossible } from '../storage.ts';

/** What a person chooses; `system` follows the device. */
export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

/** Also read by the script in app.html, before first paint. */
const THEME_KEY = 'hc.theme';

function isThemeChoice(value: unknown): value is ThemeChoice {
  return THEME_CHOICES.some((choice) => choice === value);
}

/** The remembered choice of this browser (R53). */
export function storedTheme(storage: Storage): ThemeChoice {
  const value = storage.getItem(THEME_KEY);
  return isThemeChoice(value) ? value : 'system';
}

/** Which of the two palettes a choice means on a device that prefers dark or not. */
export function resolveTheme(choice: ThemeChoice, prefersDark: boolean): 'light' | 'dark' {
  if (choice !== 'system') return choice;
  return prefersDark ? 'dark' : 'light';
}

/** Remembers a choice. */
export function storeTheme(storage: Storage, choice: ThemeChoice): void {
  if (choice === 'system') storage.removeItem(THEME_KEY);
  else keepIfPossible(storage, THEME_KEY, choice);
}
