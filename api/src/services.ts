import { AccountLifecycleRepository } from './accounts/account-lifecycle.repository.ts';
import { AccountRepository } from './accounts/account.repository.ts';
import { AuthService } from './accounts/auth.service.ts';
import { Authenticator } from './accounts/authenticator.ts';
import { LinkTokenRepository } from './accounts/link-token.repository.ts';
import { createPeople } from './accounts/people.services.ts';
import { PasswordHasher } from './accounts/password-hasher.ts';
import { PasswordService } from './accounts/password.service.ts';
import { SecondFactorRepository } from './accounts/second-factor.repository.ts';
import { SecondFactorService } from './accounts/second-factor.service.ts';
import { SessionRepository } from './accounts/session.repository.ts';
import { SessionService } from './accounts/session.service.ts';
import { Turnstile } from './accounts/turnstile.ts';
import { KnownDevices } from './accounts/known-devices.ts';
import { SignInThrottle } from './accounts/sign-in-throttle.ts';
import { AppointmentKeys } from './appointments/appointment-keys.ts';
import { AppointmentRepository } from './appointments/appointment.repository.ts';
import { AppointmentService } from './appointments/appointment.service.ts';
import { AppointmentViews } from './appointments/appointment.views.ts';
import { CareRelationRepository } from './appointments/care-relation.repository.ts';
import { OwnAppointmentsRepository } from './appointments/own-appointments.repository.ts';
import { VisitFactsRepository } from './appointments/visit-facts.repository.ts';
import { AuditLogRepository } from './audit/audit-log.repository.ts';
import { AuditLogService } from './audit/audit-log.service.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { createBooking } from './booking/booking.services.ts';
import { ClaimRepository } from './booking/claim.repository.ts';
import type { SlotNews } from './availability/slot-news.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { CallEventsService } from './consultations/call-events.service.ts';
import { CallOrderService } from './consultations/call-order.service.ts';
import { CallPlaceRepository } from './consultations/call-place.repository.ts';
import { CallPlaceService } from './consultations/call-place.service.ts';
import { CallSweeper } from './consultations/call-sweeper.ts';
import { ConsultationService } from './consultations/consultation.service.ts';
import { PresenceService } from './consultations/presence.service.ts';
import { RoomRepository } from './consultations/room.repository.ts';
import type { Database } from './database/database.ts';
import { createDirectory, createListings } from './doctors/doctors.services.ts';
import { DoctorRepository } from './doctors/doctor.repository.ts';
import type { Logger } from './logging/logger.ts';
import { createMail } from './mail/mail.services.ts';
import { ControlClient } from './media-nodes/control-client.ts';
import { MediaNodeRegistry } from './media-nodes/media-node.registry.ts';
import { MediaNodeRepository } from './media-nodes/media-node.repository.ts';
import { WebhookRepository } from './media-nodes/webhook.repository.ts';
import { ChartRepository } from './patients/chart.repository.ts';
import { ChartService } from './patients/chart.service.ts';
import { PatientRepository } from './patients/patient.repository.ts';
import { createJobs } from './jobs/jobs.services.ts';
import { createNews } from './notifications/news.services.ts';
import { RatingRepository } from './ratings/rating.repository.ts';
import { RatingService } from './ratings/rating.service.ts';
import type { EventPublisher } from './realtime/publisher.ts';
import { ReminderRepository } from './reminders/reminder.repository.ts';
import { ScheduleService } from './schedule/schedule.service.ts';
import type { Secrets } from './secrets/secrets.ts';
import { NoteSigningService } from './visit-notes/note-signing.service.ts';
import { VisitNoteRepository } from './visit-notes/visit-note.repository.ts';
import { VisitNoteService } from './visit-notes/visit-note.service.ts';

/** What every part of the server is built from. */
export interface Foundation {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly database: Database;
  readonly events: EventPublisher;
  readonly slotNews: SlotNews;
  readonly clock: Clock;
  readonly logger: Logger;
}

function createRepositories({ connection }: Database) {
  const keys = AppointmentKeys.create();
  return {
    accounts: AccountRepository.create(connection),
    lifecycle: AccountLifecycleRepository.create(connection),
    auditLog: AuditLogRepository.create(connection),
    sessions: SessionRepository.create(connection),
    doctors: DoctorRepository.create(connection),
    patients: PatientRepository.create(connection),
    appointments: AppointmentRepository.create(connection, keys),
    relations: CareRelationRepository.create(connection),
    claims: ClaimRepository.create(connection),
    rooms: RoomRepository.create(connection),
    factors: SecondFactorRepository.create(connection),
    links: LinkTokenRepository.create(connection),
    callPlaces: CallPlaceRepository.create(connection),
    mediaNodes: MediaNodeRepository.create(connection),
    deliveries: WebhookRepository.create(connection),
    reminders: ReminderRepository.create(connection),
    ownAppointments: OwnAppointmentsRepository.create(connection, keys),
    visitFacts: VisitFactsRepository.create(connection),
    ratings: RatingRepository.create(connection),
    charts: ChartRepository.create(connection, keys),
    notes: VisitNoteRepository.create(connection),
  };
}

function createCalls(
  foundation: Foundation & { readonly audit: AuditTrail },
  repositories: ReturnType<typeof createRepositories>,
) {
  const { config, secrets, clock } = foundation;
  const control = ControlClient.create({ baseUrl: config.mediaControlUrl, privateKey: secrets.apiPrivateKey, clock });
  const nodes = MediaNodeRegistry.create({ nodes: repositories.mediaNodes, control, clock });
  const shared = { ...foundation, ...repositories, nodes };
  const orders = CallOrderService.create({ ...shared, control });
  const presence = PresenceService.create(shared);
  const places = CallPlaceService.create({ ...shared, places: repositories.callPlaces, orders });
  return {
    places,
    nodes,
    orders,
    presence,
    callEvents: CallEventsService.create({ ...shared, orders, places, presence }),
    sweeper: CallSweeper.create({ ...shared, orders, presence }),
    consultations: ConsultationService.create({
      ...shared,
      places,
      joinEarlyMinutes: config.joinEarlyMinutes,
      mediaPublicUrl: config.mediaPublicUrl,
      relay: config.relay,
      privateKey: secrets.apiPrivateKey,
    }),
  };
}

/** How many sign-ins may wait for their turn: about 4 s on two cores. */
const MAX_WAITING_SIGN_INS = 64;

/** Builds every service of the product on one foundation. */
export async function createServices(foundation: Foundation) {
  const { config, secrets, events } = foundation;
  const repositories = createRepositories(foundation.database);
  const hasher = await PasswordHasher.create(config.hashingConcurrency);
  const audit = AuditTrail.create({ ...foundation, key: secrets.auditKey });
  const calls = createCalls({ ...foundation, audit }, repositories);
  const sessions = SessionService.create({
    ...foundation,
    audit,
    ...repositories,
    places: calls.places,
    sessionKey: secrets.sessionKey,
    events: { sessionEnded: (sessionId) => events.endSession(sessionId) },
  });
  const throttle = SignInThrottle.create(foundation.database.connection);
  const devices = KnownDevices.create(secrets.sessionKey);
  const mail = createMail({ ...foundation, audit });
  const wakeMail = (): void => mail.mailWorker?.wake();
  const passwords = PasswordService.create({
    ...foundation,
    ...repositories,
    ...mail,
    sessions,
    hasher,
    throttle,
    audit,
    wakeMail,
  });
  const secondFactor = SecondFactorService.create({
    ...foundation,
    ...repositories,
    ...mail,
    wakeMail,
    authenticator: Authenticator.create(secrets.secondFactorKey),
    passwords,
    throttle,
    audit,
    required: config.requireSecondFactor,
  });
  const turnstile = Turnstile.create(config.hashingConcurrency * 2, MAX_WAITING_SIGN_INS);
  const auth = AuthService.create({
    turnstile,
    ...foundation,
    ...repositories,
    sessions,
    hasher,
    audit,
    throttle,
    devices,
    secondFactor,
  });
  const auditLog = AuditLogService.create({ ...repositories, audit, log: repositories.auditLog });
  const { joinEarlyMinutes } = config;
  const views = AppointmentViews.create({ ...foundation, ...repositories, joinEarlyMinutes });
  const appointments = AppointmentService.create({
    ...foundation,
    audit,
    ...repositories,
    views,
    calls: calls.orders,
    joinEarlyMinutes,
  });
  const listing = createListings({ ...foundation, ...repositories });
  const { slotNews, doctorListings } = listing;
  const people = createPeople({
    ...foundation,
    ...repositories,
    ...mail,
    sessions,
    hasher,
    passwords,
    audit,
    wakeMail,
    doctorNews: doctorListings,
  });
  const news = createNews({ ...foundation, ...repositories, ...mail, audit, wakeMail });
  const booking = createBooking({
    ...foundation,
    ...repositories,
    ...news,
    slotNews,
    listings: listing.listings,
    audit,
    views,
    calls: calls.orders,
    isInUse: async (id) => ((await repositories.rooms.byId(id))?.people.length ?? 0) > 0,
  });
  const schedules = ScheduleService.create({ ...foundation, ...repositories, slotNews, audit });
  const directory = createDirectory({ ...foundation, ...repositories, ...listing, ...booking });
  const jobs = createJobs({
    ...foundation,
    ...news,
    others: [...booking.bookingJobs, ...listing.listingJobs, ...people.peopleJobs],
  });
  const ratings = RatingService.create({ ...foundation, ...repositories, audit, views, doctorNews: doctorListings });
  const recordParts = { ...foundation, ...repositories, ...news, ...booking, audit, views };
  const charts = ChartService.create({ ...recordParts, charts: repositories.charts });
  const visitNotes = VisitNoteService.create(recordParts);
  const noteSigning = NoteSigningService.create(recordParts);
  const workers = [people.requestWorker, ...(mail.mailWorker === undefined ? [] : [mail.mailWorker])];
  return {
    ...calls,
    ...mail,
    ...people,
    ...news,
    ...booking,
    ...directory,
    doctorListings,
    jobs,
    workers,
    audit,
    auditLog,
    auth,
    passwords,
    secondFactor,
    throttle,
    devices,
    sessions,
    appointments,
    schedules,
    ratings,
    charts,
    visitNotes,
    noteSigning,
    hasher,
    repositories,
  };
}

export type Services = Awaited<ReturnType<typeof createServices>>;
