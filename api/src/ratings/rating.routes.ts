import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { RatingService } from './rating.service.ts';

/** What patients say of their visits (R45). */
export function ratingRoutes(ratings: RatingService): Binding[] {
  return [
    bind(endpoints.ratings.rate, async ({ actor, params, body }) => ({
      appointment: await ratings.rate(actor, params.appointmentId, body),
    })),
  ];
}
