import { scheduleExceptionSchema, type Schedule } from '@health-connect/contract';
import { z } from 'zod';
import type { DoctorRecord } from '../doctors/doctor.repository.ts';

const exceptionsSchema = z.array(scheduleExceptionSchema);

/** The schedule in a doctor's profile. Exceptions are of several shapes, so they are parsed as they are read. */
export function scheduleOf(doctor: DoctorRecord): Schedule {
  const { timeZone, schedule, exceptions, minimumNoticeMinutes, furthestDays, confirmation } = doctor;
  return {
    timeZone,
    workingTimes: schedule,
    exceptions: exceptionsSchema.parse(exceptions),
    minimumNoticeMinutes,
    furthestDays,
    confirmation,
  };
}

/** What of it can be booked: nothing, while nobody knows in which zone the hours are meant. */
export function openScheduleOf(doctor: DoctorRecord): Schedule {
  const schedule = scheduleOf(doctor);
  return doctor.unclearZone === null ? schedule : { ...schedule, workingTimes: [], exceptions: [] };
}
