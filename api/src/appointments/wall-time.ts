import { Temporal } from 'temporal-polyfill';
import type { StoredAppointment } from './appointment.model.ts';

/** When an appointment is, as an instant and as the doctor's wall time. */
export type AppointmentTime = Pick<
  StoredAppointment,
  'startsAt' | 'endsAt' | 'timeZone' | 'date' | 'startTime' | 'endTime'
>;

/** Times of an appointment from its start: instants, and the wall time of the doctor's zone. */
export function appointmentTime(startsAt: Date, minutes: number, timeZone: string): AppointmentTime {
  const start = Temporal.Instant.fromEpochMilliseconds(startsAt.getTime()).toZonedDateTimeISO(timeZone);
  const end = start.add({ minutes });
  const clockOf = (time: Temporal.ZonedDateTime): string => time.toPlainTime().toString({ smallestUnit: 'minute' });
  return {
    startsAt,
    endsAt: new Date(end.epochMilliseconds),
    timeZone,
    date: start.toPlainDate().toString(),
    startTime: clockOf(start),
    endTime: clockOf(end),
  };
}

/**
 * The first working day that lies so many working days after (or, negative, before) today, at a wall time.
 * @param weekdays ISO weekdays on which the doctor works
 * @param time wall time `HH:MM` in the doctor's zone
 */
export function workingDay(
  nowMs: number,
  timeZone: string,
  weekdays: readonly number[],
  distance: number,
  time: string,
): Date {
  const step = Math.sign(distance);
  let day = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
  for (let left = Math.abs(distance); left > 0 && weekdays.length > 0;) {
    day = day.add({ days: step });
    if (weekdays.includes(day.dayOfWeek)) left -= 1;
  }
  return new Date(day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds);
}
