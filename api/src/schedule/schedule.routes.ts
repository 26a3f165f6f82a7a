import { scheduleEndpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { ScheduleService } from './schedule.service.ts';

/** The signed-in doctor's own time. */
export function scheduleRoutes(schedules: ScheduleService): Binding[] {
  const { own, preview, save } = scheduleEndpoints;
  return [
    bind(own, ({ actor }) => schedules.own(actor)),
    bind(preview, ({ actor, body }) => schedules.preview(actor, body.schedule)),
    bind(save, ({ actor, body: { keep, ...wanted } }) => schedules.save(actor, wanted, keep)),
  ];
}
