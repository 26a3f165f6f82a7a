import { z } from 'zod';
import { appointmentModeSchema } from './mode.ts';
import { documentIdSchema, instantSchema, timeZoneSchema } from './ids.ts';
import { line } from './text.ts';
import { calendarDateSchema, CELL_MINUTES, wallTimeSchema } from './time.ts';

const onGrid = (time: string): boolean => Number(time.slice(3)) % CELL_MINUTES === 0;
const gridTimeSchema = wallTimeSchema.refine(onGrid, { error: `Times are whole ${CELL_MINUTES} minutes` });
/** The end of a day may be written as 24:00. */
const gridEndSchema = z.union([gridTimeSchema, z.literal('24:00')]);
const gridMinutes = (min: number, max: number) => z.int().min(min).max(max).multipleOf(CELL_MINUTES);

/** How a range of hours is cut into slots. A slot that would not fit whole before the end is not made. */
const cutFields = {
  slotMinutes: gridMinutes(CELL_MINUTES, 240),
  /** Pause between one slot and the next. */
  breakMinutes: gridMinutes(0, 120).default(0),
  /** How patients may meet the doctor in these hours. */
  modes: z.array(appointmentModeSchema).min(1).max(2).default(['video', 'chat']),
};
const hours = { start: gridTimeSchema, end: gridEndSchema };
const endsLater = { error: 'The end comes after the start', path: ['end'] };

/** Working time of one weekday, in the doctor's zone (R20). */
export const workingTimeSchema = z
  .strictObject({
    /** ISO weekday: 1 is Monday, 7 is Sunday. */
    weekday: z.int().min(1).max(7),
    ...hours,
    ...cutFields,
  })
  .refine(({ start, end }) => start < end, endsLater);
export type WorkingTime = z.infer<typeof workingTimeSchema>;

const noteSchema = line(200).default('');
const notReversed = { error: 'The last day comes after the first', path: ['to'] };

/** Dates that differ from the weekly template; both ends of a range of days are part of it. */
export const scheduleExceptionSchema = z.discriminatedUnion('kind', [
  /** No slots on these days, or not in these hours of them. `vacation` says so to patients. */
  z
    .strictObject({
      kind: z.enum(['closed', 'vacation']),
      from: calendarDateSchema,
      to: calendarDateSchema,
      hours: z
        .strictObject(hours)
        .refine(({ start, end }) => start < end, endsLater)
        .nullable(),
      note: noteSchema,
    })
    .refine(({ from, to }) => from <= to, notReversed),
  /** Hours beside those of the template. */
  z
    .strictObject({ kind: z.literal('extra'), date: calendarDateSchema, ...hours, ...cutFields, note: noteSchema })
    .refine(({ start, end }) => start < end, endsLater),
]);
export type ScheduleException = z.infer<typeof scheduleExceptionSchema>;

/** `manual`: the doctor answers each request. `automatic`: a booking is confirmed at once. */
export const CONFIRMATIONS = ['manual', 'automatic'] as const;

/** Shortest notice for a booking, in minutes (R26). */
export const LEAST_NOTICE_MINUTES = 60;

/** Most ranges of hours of a week: twelve a day. */
export const MOST_WORKING_TIMES = 84;

/** A doctor's time: what can be booked, when, and how far ahead. Wall times are in `timeZone`. */
export const scheduleSchema = z.strictObject({
  timeZone: timeZoneSchema,
  workingTimes: z.array(workingTimeSchema).max(MOST_WORKING_TIMES),
  exceptions: z.array(scheduleExceptionSchema).max(400),
  minimumNoticeMinutes: z
    .int()
    .min(LEAST_NOTICE_MINUTES)
    .max(14 * 24 * 60),
  /** How many days ahead can be booked, today included. */
  furthestDays: z.int().min(1).max(365),
  confirmation: z.enum(CONFIRMATIONS),
});
export type Schedule = z.infer<typeof scheduleSchema>;

/**
 * A schedule as it is sent. However its ranges overlap, they ask for no more slots than the cells of a day: whoever
 * sends it decides how much is reckoned.
 */
export const wantedScheduleSchema = scheduleSchema.superRefine(({ workingTimes, exceptions }, context) => {
  const slotsOf = new Map<number | string, number>();
  const count = (day: number | string, cut: HoursCut, path: (string | number)[]): void => {
    const slots = (slotsOf.get(day) ?? 0) + slotCount(cut);
    slotsOf.set(day, slots);
    if (slots > MOST_SLOTS_WANTED) {
      context.addIssue({ code: 'custom', path, message: 'These hours hold more slots than fit into a day' });
    }
  };
  for (const [index, time] of workingTimes.entries()) count(time.weekday, time, ['workingTimes', index]);
  for (const [index, exception] of exceptions.entries()) {
    if (exception.kind === 'extra') count(exception.date, exception, ['exceptions', index]);
  }
});

type HoursCut = Pick<WorkingTime, 'start' | 'end' | 'slotMinutes' | 'breakMinutes'>;

const MOST_SLOTS_WANTED = (24 * 60) / CELL_MINUTES;
const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** How many slots a range is cut into on a day of 24 hours. */
function slotCount({ start, end, slotMinutes, breakMinutes }: HoursCut): number {
  return Math.floor((minutesOf(end) - minutesOf(start) + breakMinutes) / (slotMinutes + breakMinutes));
}

/** So many affected appointments are listed, and can be kept by name. A change that affects more has to be made in parts. */
export const MOST_AFFECTED = 1000;

/** A booked appointment that the new schedule has no slot for. It stays where it is until somebody moves it. */
export const affectedAppointmentSchema = z.object({
  id: documentIdSchema,
  startsAt: instantSchema,
  endsAt: instantSchema,
  patientName: z.string().max(120),
});

/** What a new schedule would do, counted over the time that can be booked. */
export const scheduleEffectSchema = z.object({
  addedSlots: z.int().min(0),
  removedSlots: z.int().min(0),
  /** The first ones, by start. */
  affected: z.array(affectedAppointmentSchema).max(MOST_AFFECTED),
  /** How many are affected in all. */
  affectedTotal: z.int().min(0),
  /** Ranges of one day that overlap: the slots of the later one are left out. */
  overlaps: z
    .array(z.object({ weekday: z.int().min(1).max(7).nullable(), date: calendarDateSchema.nullable() }))
    .max(500),
});
export type ScheduleEffect = z.infer<typeof scheduleEffectSchema>;
