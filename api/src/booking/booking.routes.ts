import { bookingEndpoints, holdEndpoints } from '@health-connect/contract';
import type { AppointmentService } from '../appointments/appointment.service.ts';
import { bind, type Binding } from '../http/binding.ts';
import type { BookingService } from './booking.service.ts';
import type { HoldService } from './hold.service.ts';
import type { LifeCycleService } from './life-cycle.service.ts';
import type { PatientBusyService } from './patient-busy.service.ts';

interface Services {
  readonly appointments: AppointmentService;
  readonly bookings: BookingService;
  readonly lifeCycle: LifeCycleService;
  readonly holds: HoldService;
  readonly patientBusy: PatientBusyService;
}

export function bookingRoutes({ appointments, bookings, lifeCycle, holds, patientBusy }: Services): Binding[] {
  const { book, followUp, propose, patientBusy: busy, confirm, decline, cancel, miss, events, day } = bookingEndpoints;
  return [
    bind(book, async ({ actor, body: { doctorId, ...wanted } }) => ({
      appointment: await bookings.book(actor, doctorId, wanted),
    })),
    bind(followUp, async ({ actor, params, body }) => ({
      appointment: await bookings.followUp(actor, params.appointmentId, body),
    })),
    bind(propose, async ({ actor, params, body }) => ({
      appointment: await bookings.propose(actor, params.appointmentId, body),
    })),
    bind(confirm, async ({ actor, params, body: { version, comment } }) => ({
      appointment: await lifeCycle.confirm(actor, params.appointmentId, version, comment),
    })),
    bind(decline, async ({ actor, params, body: { version, reason } }) => ({
      appointment: await lifeCycle.decline(actor, params.appointmentId, version, reason),
    })),
    bind(cancel, async ({ actor, params, body }) => ({
      appointment: await lifeCycle.cancel(actor, params.appointmentId, body),
    })),
    bind(miss, async ({ actor, params, body: { version } }) => ({
      appointment: await lifeCycle.miss(actor, params.appointmentId, version),
    })),
    bind(busy, async ({ actor, params, query }) => ({
      busy: await patientBusy.of(actor, params.appointmentId, query),
    })),
    bind(events, async ({ actor, params }) => ({ events: await appointments.events(actor, params.appointmentId) })),
    bind(day, ({ actor, query: { from, days } }) => appointments.day(actor, from, days)),
    bind(holdEndpoints.own, async ({ actor }) => ({ hold: await holds.own(actor) })),
    bind(holdEndpoints.take, async ({ actor, body: { doctorId, startsAt } }) => ({
      hold: await holds.take(actor, doctorId, new Date(startsAt)),
    })),
    bind(holdEndpoints.takeNext, async ({ actor, params, body }) => ({
      hold: await holds.takeNext(actor, params.appointmentId, body.for, new Date(body.startsAt)),
    })),
    bind(holdEndpoints.extend, async ({ actor, params }) => ({ hold: await holds.extend(actor, params.holdId) })),
    bind(holdEndpoints.release, async ({ actor, params }) => {
      await holds.release(actor, params.holdId);
      return {};
    }),
  ];
}
