import { z } from 'zod';
import { paragraph } from './text.ts';

/** For how many days a rating can be given after the visit, and changed after it was given. */
export const RATING_DAYS = 90;
export const RATING_CHANGE_DAYS = 7;
/** A doctor's average is shown from so many ratings on: fewer say little. */
export const LEAST_RATINGS_SHOWN = 5;

/** What a patient says of a visit (R45). The review is shown without their name. */
export const ratingSchema = z.strictObject({ rating: z.int().min(1).max(5), review: paragraph(2000) });
export type Rating = z.infer<typeof ratingSchema>;
