import type { AccountRepository } from '../accounts/account.repository.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { FreeTimes } from '../availability/free-times.ts';
import type { AvailabilityService } from '../availability/availability.service.ts';
import type { SlotNews } from '../availability/slot-news.ts';
import type { ClaimRepository } from '../booking/claim.repository.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { FileStore } from '../database/file-store.ts';
import type { Job } from '../jobs/job.ts';
import type { Logger } from '../logging/logger.ts';
import { RatingRepository } from '../ratings/rating.repository.ts';
import { DirectoryService } from './directory.service.ts';
import { DoctorListings } from './doctor-listings.ts';
import type { DoctorRepository } from './doctor.repository.ts';
import { DoctorWeekService } from './doctor-week.service.ts';
import { ListingRepository } from './listing.repository.ts';
import { SlotThrottle } from './slot-throttle.ts';

interface Foundation {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly accounts: AccountRepository;
  readonly doctors: DoctorRepository;
  readonly claims: ClaimRepository;
  /** Tells open pages. */
  readonly slotNews: SlotNews;
}

/** The directory's listings, and the news that keep them as they should be. */
export function createListings(foundation: Foundation) {
  const listings = ListingRepository.create(foundation.database.connection);
  const freeTimes = FreeTimes.create(foundation);
  const doctorListings = DoctorListings.create({ ...foundation, listings, freeTimes });
  const slotNews: SlotNews = {
    changed: (doctorId, from, to) => {
      foundation.slotNews.changed(doctorId, from, to);
      doctorListings.doctorChanged(doctorId);
    },
  };
  const jobs: readonly Job[] = [
    { name: 'refresh directory', everySeconds: 60, lockSeconds: 300, run: () => doctorListings.refreshDue() },
  ];
  return { listings, freeTimes, doctorListings, slotNews, listingJobs: jobs };
}

/** What patients find doctors and times by. */
export function createDirectory(
  foundation: Foundation &
    ReturnType<typeof createListings> & {
      readonly availability: AvailabilityService;
      readonly appointments: AppointmentRepository;
    },
) {
  const { connection } = foundation.database;
  const files = FileStore.create(connection, 'avatars');
  const ratings = RatingRepository.create(connection);
  return {
    directory: DirectoryService.create({ ...foundation, files, ratings }),
    weeks: DoctorWeekService.create(foundation),
    slotThrottle: SlotThrottle.create(),
  };
}
