import type { AccountLifecycleRepository } from '../accounts/account-lifecycle.repository.ts';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { AppointmentNewsDesk } from '../appointments/appointment-news.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { AppointmentViews } from '../appointments/appointment.views.ts';
import type { CallOrders } from '../appointments/call-orders.ts';
import type { CareRelationRepository } from '../appointments/care-relation.repository.ts';
import type { VisitFactsRepository } from '../appointments/visit-facts.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import { AvailabilityService } from '../availability/availability.service.ts';
import type { SlotNews } from '../availability/slot-news.ts';
import type { ListingRepository } from '../doctors/listing.repository.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { Logger } from '../logging/logger.ts';
import type { Job } from '../jobs/job.ts';
import type { EventPublisher } from '../realtime/publisher.ts';
import type { VisitNoteRepository } from '../visit-notes/visit-note.repository.ts';
import { AppointmentMaker } from './appointment-maker.ts';
import { BookingKeyRepository } from './booking-key.repository.ts';
import { BookingService } from './booking.service.ts';
import type { ClaimRepository } from './claim.repository.ts';
import { ClosedAccounts } from './closed-accounts.ts';
import { HoldRepository } from './hold.repository.ts';
import { HoldService } from './hold.service.ts';
import { KeptTimeRepository } from './kept-time.repository.ts';
import { LifeCycleService } from './life-cycle.service.ts';
import { Succession } from './succession.ts';
import { SystemChanges } from './system-changes.ts';
import { TakenOffers } from './taken-offers.ts';

const HOUR_SECONDS = 60 * 60;
const DAY_MS = 24 * HOUR_SECONDS * 1000;

interface Foundation {
  readonly database: Database;
  readonly events: EventPublisher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly audit: Audit;
  readonly accounts: AccountRepository;
  readonly lifecycle: AccountLifecycleRepository;
  readonly doctors: DoctorRepository;
  readonly appointments: AppointmentRepository;
  readonly relations: CareRelationRepository;
  readonly claims: ClaimRepository;
  readonly notes: VisitNoteRepository;
  readonly visitFacts: VisitFactsRepository;
  readonly views: AppointmentViews;
  readonly calls: CallOrders;
  readonly news: AppointmentNewsDesk;
  readonly slotNews: SlotNews;
  readonly listings: ListingRepository;
  readonly isInUse: (appointmentId: string) => Promise<boolean>;
}

/** Booking and what becomes of appointments. */
export function createBooking(foundation: Foundation) {
  const { connection } = foundation.database;
  const availability = AvailabilityService.create(foundation);
  const offers = TakenOffers.create(availability);
  const succession = Succession.create(foundation);
  const stores = {
    holds: HoldRepository.create(connection),
    keptTimes: KeptTimeRepository.create(connection),
    keys: BookingKeyRepository.create(connection),
  };
  const lifeCycle = LifeCycleService.create({ ...foundation, ...stores, succession });
  const shared = { ...foundation, ...stores, availability, offers, lifeCycle };
  const systemChanges = SystemChanges.create(shared);
  const closedAccounts = ClosedAccounts.create(shared);
  const holdService = HoldService.create(shared);
  const jobs: readonly Job[] = [
    { name: 'expire requests', everySeconds: 60, lockSeconds: 60, run: () => systemChanges.expireUnanswered() },
    {
      name: 'call off visits of closed accounts',
      everySeconds: 5,
      lockSeconds: 60,
      run: () => closedAccounts.callOff(),
    },
    {
      name: 'note who takes part',
      everySeconds: HOUR_SECONDS,
      lockSeconds: 300,
      run: () => foundation.relations.noteMissing(new Date(foundation.clock.now() - DAY_MS)),
    },
    { name: 'give back holds', everySeconds: 10, lockSeconds: 60, run: () => holdService.giveBackEnded() },
    { name: 'end visits that were left', everySeconds: 60, lockSeconds: 60, run: () => systemChanges.endLeft() },
  ];
  return {
    availability,
    lifeCycle,
    systemChanges,
    bookingJobs: jobs,
    holdService,
    bookings: BookingService.create({ ...shared, maker: AppointmentMaker.create(shared) }),
  };
}
