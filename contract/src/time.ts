import { z } from 'zod';

/** A calendar date `YYYY-MM-DD` that exists, without a time zone. */
export const calendarDateSchema = z.iso.date();

/** Wall time `HH:MM`, 00:00 to 23:59. */
export const wallTimeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'Write the time as 09:30' });

/**
 * Appointments lie on a grid of so many minutes, in every time zone: each occupies whole cells of it, and a cell is
 * given to one appointment only. So no two can overlap, whatever their lengths are.
 */
export const CELL_MINUTES = 5;
