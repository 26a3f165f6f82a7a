import { scheduleSchema, type Schedule, type ScheduleEffect } from '@health-connect/contract';

/** Hours of Monday mornings, for tests. */
export const scheduleOf = (changes: Partial<Schedule> = {}): Schedule => ({
  ...scheduleSchema.parse({
    timeZone: 'Europe/Berlin',
    workingTimes: [{ weekday: 1, start: '09:00', end: '12:00', slotMinutes: 20 }],
    exceptions: [],
    minimumNoticeMinutes: 60,
    furthestDays: 60,
    confirmation: 'manual',
  }),
  ...changes,
});

/** An appointment of Ana that other hours would leave outside, for tests. */
export const affectedOf = (id: string): ScheduleEffect['affected'][number] => ({
  id,
  startsAt: '2030-05-06T09:00:00.000Z',
  endsAt: '2030-05-06T09:20:00.000Z',
  patientName: 'Ana Souza',
});

/** What other hours would do, for tests. */
export const effectOf = (changes: Partial<ScheduleEffect> = {}): ScheduleEffect => ({
  addedSlots: 3,
  removedSlots: 0,
  affected: [],
  affectedTotal: changes.affected?.length ?? 0,
  overlaps: [],
  ...changes,
});
