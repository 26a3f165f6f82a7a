import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { AppointmentService } from './appointment.service.ts';

/** Appointments as their parties see them (R43). */
export function appointmentRoutes(appointments: AppointmentService): Binding[] {
  return [
    bind(endpoints.appointments.ofDoctor, async ({ actor }) => ({
      appointments: await appointments.own(actor, 'doctor'),
    })),
    bind(endpoints.appointments.ofPatient, async ({ actor }) => ({
      appointments: await appointments.own(actor, 'patient'),
    })),
    bind(endpoints.appointments.one, async ({ actor, params }) => ({
      appointment: await appointments.one(actor, params.appointmentId),
    })),
    bind(endpoints.appointments.addColleague, async ({ actor, params, body }) => ({
      appointment: await appointments.addColleague(actor, params.appointmentId, body.doctorId),
    })),
    bind(endpoints.appointments.removeColleague, async ({ actor, params }) => ({
      appointment: await appointments.removeColleague(actor, params.appointmentId, params.doctorId),
    })),
  ];
}
