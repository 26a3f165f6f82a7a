import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { ChartService } from './chart.service.ts';

/** Patients as those who treat them see them (R25). */
export function patientRoutes(charts: ChartService): Binding[] {
  const { mine, chart, history } = endpoints.patients;
  return [
    bind(mine, ({ actor, query }) => charts.mine(actor, query.cursor)),
    bind(chart, async ({ actor, params }) => ({ patient: await charts.chart(actor, params.patientId) })),
    bind(history, ({ actor, params, query }) => charts.history(actor, params.patientId, query.cursor)),
  ];
}
