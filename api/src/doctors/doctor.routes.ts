import { doctorEndpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { DirectoryService } from './directory.service.ts';
import type { DoctorWeekService } from './doctor-week.service.ts';
import type { SlotThrottle } from './slot-throttle.ts';

/** Finding a doctor and a time. */
export function doctorRoutes(
  directory: DirectoryService,
  weeks: DoctorWeekService,
  slotThrottle: SlotThrottle,
): Binding[] {
  const { search, facets, page, slots, reviews, picture } = doctorEndpoints;
  return [
    bind(search, ({ query }) => directory.search(query)),
    // Before the routes with an id in the same place.
    bind(facets, () => directory.facets()),
    bind(page, async ({ params }) => ({ doctor: await directory.page(params.doctorId) })),
    bind(slots, async ({ actor, params, query }) => {
      await slotThrottle.pass(actor);
      return weeks.slots(actor, params.doctorId, query);
    }),
    bind(reviews, ({ params, query }) => directory.reviews(params.doctorId, query.cursor)),
    bind(picture, ({ params }) => directory.picture(params.doctorId, params.avatarId)),
  ];
}
