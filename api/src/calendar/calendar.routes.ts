import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { CalendarService } from './calendar.service.ts';

/** Appointments for other calendars. */
export function calendarRoutes(calendars: CalendarService): Binding[] {
  return [
    bind(endpoints.calendar.one, async ({ actor, params }) => ({
      ics: await calendars.file(actor, params.appointmentId),
    })),
  ];
}
