import { endpoints } from '@health-connect/contract';
import type { AppointmentService } from '../appointments/appointment.service.ts';
import { bind, type Binding } from '../http/binding.ts';
import type { ConsultationService } from './consultation.service.ts';

/** The way into and out of a consultation. */
export function consultationRoutes(consultations: ConsultationService, appointments: AppointmentService): Binding[] {
  return [
    bind(endpoints.consultations.join, ({ actor, params }) => consultations.join(actor, params.consultationId)),
    bind(endpoints.consultations.close, async ({ actor, params }) => ({
      appointment: await appointments.close(actor, params.consultationId),
    })),
  ];
}
