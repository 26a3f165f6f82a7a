import { z } from 'zod';
import { documentIdSchema, instantSchema, timeZoneSchema } from './ids.ts';
import { appointmentModeSchema } from './mode.ts';
import { MOST_SLOTS_A_DAY, wallTimeSchema } from './time.ts';

/**
 * What a slot is for the one who looks.
 * - `free`: can be chosen
 * - `held`: kept for the one who looks
 * - `taken`: somebody's appointment, or kept for somebody else
 * - `soon`: free, but less than the doctor's notice away
 * - `past`: has begun
 */
export const SLOT_STATES = ['free', 'held', 'taken', 'soon', 'past'] as const;
export const slotStateSchema = z.enum(SLOT_STATES);
export type SlotState = z.infer<typeof slotStateSchema>;

/** One slot of a doctor's day (R20, R41). */
export const slotSchema = z.object({
  /** Place within the doctor's day, from 1. */
  slotNumber: z.int().min(1).max(MOST_SLOTS_A_DAY),
  startsAt: instantSchema,
  endsAt: instantSchema,
  /** The doctor's wall time. Where clocks are set back, one wall time can occur twice on a day. */
  date: z.iso.date(),
  startTime: wallTimeSchema,
  endTime: wallTimeSchema,
  modes: z.array(appointmentModeSchema).min(1).max(2),
  state: slotStateSchema,
});
export type Slot = z.infer<typeof slotSchema>;

/** Slots of some days, as the calendar of the one who looks has them. */
export const slotDaySchema = z.object({
  /** In the viewer's zone. */
  date: z.iso.date(),
  slots: z.array(slotSchema).max(MOST_SLOTS_A_DAY),
  /** Why there are none, as far as the doctor tells. */
  closed: z.enum(['vacation', 'closed', 'no-hours', 'too-far']).nullable(),
});
export type SlotDay = z.infer<typeof slotDaySchema>;

/** A time that is offered instead of one that was taken. */
export const offeredSlotSchema = z.object({
  doctorId: documentIdSchema,
  doctorName: z.string().max(120),
  timeZone: timeZoneSchema,
  slot: slotSchema,
});
export type OfferedSlot = z.infer<typeof offeredSlotSchema>;

/** How long a chosen slot is kept, in minutes, and by how much it can be prolonged, how often (R41, WCAG 2.2.1). */
export const HOLD_MINUTES = 10;
export const HOLD_EXTENSION_MINUTES = 2;
export const HOLD_EXTENSIONS = 10;

/** A slot that is kept for one person until it is booked, given back, or its time is over. */
export const holdSchema = z.object({
  id: documentIdSchema,
  doctorId: documentIdSchema,
  startsAt: instantSchema,
  endsAt: instantSchema,
  expiresAt: instantSchema,
  extensionsLeft: z.int().min(0).max(HOLD_EXTENSIONS),
});
export type Hold = z.infer<typeof holdSchema>;

/** A stretch of somebody's time. */
export const timeSpanSchema = z.object({ startsAt: instantSchema, endsAt: instantSchema });
export type TimeSpan = z.infer<typeof timeSpanSchema>;

/** What a time is chosen for beside an appointment: another time for it, or the visit after it. */
export const NEXT_VISITS = ['move', 'follow-up'] as const;
export const nextVisitSchema = z.enum(NEXT_VISITS);
export type NextVisit = z.infer<typeof nextVisitSchema>;
