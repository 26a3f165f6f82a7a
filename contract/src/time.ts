import { z } from 'zod';

/** A calendar date `YYYY-MM-DD` that exists, without a time zone. From 1900 to 2999: nobody here lives in other years. */
export const calendarDateSchema = z.iso
  .date()
  .refine((date) => date >= '1900-01-01' && date < '3000-01-01', { error: 'This date is too far away' });

/** Wall time `HH:MM`, 00:00 to 23:59. */
export const wallTimeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'Write the time as 09:30' });

/**
 * Appointments lie on a grid of so many minutes, in every time zone: each occupies whole cells of it, and a cell is
 * given to one appointment only. So no two can overlap, whatever their lengths are.
 */
export const CELL_MINUTES = 5;

/** A calendar day has 24 hours, and two more where clocks are set back by two (Troll station): so many slots fit into it. */
export const MOST_SLOTS_A_DAY = (26 * 60) / CELL_MINUTES;
