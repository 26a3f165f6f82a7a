import { m } from '#lib/paraglide/messages.js';

/** What somebody can choose, from worst to best; a word each, because a number alone says little. */
export const ratingOptions = () => [
  { value: '1' as const, label: m['rating.1']() },
  { value: '2' as const, label: m['rating.2']() },
  { value: '3' as const, label: m['rating.3']() },
  { value: '4' as const, label: m['rating.4']() },
  { value: '5' as const, label: m['rating.5']() },
];
export type RatingChoice = ReturnType<typeof ratingOptions>[number]['value'];

/** The word for a given rating. */
export const ratingWord = (rating: number): string =>
  ratingOptions().find(({ value }) => Number(value) === rating)?.label ?? '';
