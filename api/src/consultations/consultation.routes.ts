import { endpoints } from '@health-connect/contract';
import type { LifeCycleService } from '../booking/life-cycle.service.ts';
import { bind, type Binding } from '../http/binding.ts';
import type { ConsultationService } from './consultation.service.ts';

/** The way into and out of a consultation. */
export function consultationRoutes(consultations: ConsultationService, lifeCycle: LifeCycleService): Binding[] {
  return [
    bind(endpoints.consultations.join, ({ actor, params }) => consultations.join(actor, params.consultationId)),
    bind(endpoints.consultations.close, async ({ actor, params }) => ({
      appointment: await lifeCycle.complete(actor, params.consultationId),
    })),
  ];
}
