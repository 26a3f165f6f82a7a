import { locales } from '#lib/paraglide/runtime.js';

/** Each language by its own name: who needs it can read it. */
const NAMES: Readonly<Record<(typeof locales)[number], string>> = { en: 'English', de: 'Deutsch', ar: 'العربية' };

/** The languages of the app, for a choice. */
export const LANGUAGE_OPTIONS = locales.map((locale) => ({ value: locale, label: NAMES[locale], lang: locale }));
