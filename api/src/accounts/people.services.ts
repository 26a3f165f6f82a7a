import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { FileStore } from '../database/file-store.ts';
import type { DoctorNews } from '../doctors/doctor-news.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { Logger } from '../logging/logger.ts';
import type { OutboxService } from '../mail/outbox.service.ts';
import type { PatientRepository } from '../patients/patient.repository.ts';
import type { Job } from '../jobs/job.ts';
import { AvatarService } from '../profiles/avatar.service.ts';
import { LeftPictures } from '../profiles/left-pictures.ts';
import { PersonRepository } from '../profiles/person.repository.ts';
import { ProfileService } from '../profiles/profile.service.ts';
import { QueueRepository } from '../queue/queue.repository.ts';
import { QueueWorker } from '../queue/queue-worker.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { AccountLifecycleRepository } from './account-lifecycle.repository.ts';
import { AccountSessionsService } from './account-sessions.service.ts';
import { AdministrationService } from './administration.service.ts';
import { accountRequestSchema } from './account-request.ts';
import { AccountRequestService } from './account-request.service.ts';
import type { AccountRepository } from './account.repository.ts';
import { withdrawFirstAdministrator } from './first-administrator.ts';
import { InvitationRepository } from './invitation.repository.ts';
import { InvitationService } from './invitation.service.ts';
import { LeftSignUps } from './left-sign-ups.ts';
import type { LinkTokenRepository } from './link-token.repository.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { PasswordService } from './password.service.ts';
import type { SecondFactorRepository } from './second-factor.repository.ts';
import type { SessionService } from './session.service.ts';
import { SignUpService } from './signup.service.ts';
import { VisitorThrottle } from './visitor-throttle.ts';

interface Foundation {
  readonly config: Config;
  readonly secrets: Pick<Secrets, 'queueKey'>;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly accounts: AccountRepository;
  readonly lifecycle: AccountLifecycleRepository;
  readonly appointments: AppointmentRepository;
  readonly doctors: DoctorRepository;
  readonly patients: PatientRepository;
  readonly factors: SecondFactorRepository;
  readonly links: LinkTokenRepository;
  readonly sessions: SessionService;
  readonly hasher: PasswordHasher;
  readonly passwords: PasswordService;
  readonly outbox: OutboxService;
  readonly audit: Audit;
  readonly doctorNews: DoctorNews;
  /** Mails were written: has them sent now instead of soon. */
  readonly wakeMail: () => void;
}

/** How people get accounts and keep them. */
export function createPeople(foundation: Foundation) {
  const { database, secrets, wakeMail } = foundation;
  const requests = QueueRepository.create(
    database.connection,
    'accountRequests',
    accountRequestSchema,
    secrets.queueKey,
  );
  const people = PersonRepository.create(database.connection);
  const throttle = VisitorThrottle.create(database.connection);
  const invitations = InvitationRepository.create(database.connection);
  const shared = { ...foundation, requests, throttle, invitations };
  const handler = AccountRequestService.create(shared);
  const requestWorker = QueueWorker.create({
    ...foundation,
    label: 'account requests',
    items: requests,
    work: async (claim) => {
      const result = await handler.handle(claim);
      wakeMail();
      return result;
    },
  });
  const files = FileStore.create(database.connection, 'avatars');
  const leftPictures = LeftPictures.create({ ...foundation, files });
  const leftSignUps = LeftSignUps.create(foundation);
  const peopleJobs: readonly Job[] = [
    {
      name: 'forget unconfirmed sign-ups',
      everySeconds: 6 * 60 * 60,
      lockSeconds: 10 * 60,
      run: () => leftSignUps.forget(),
    },
    { name: 'delete left pictures', everySeconds: 60 * 60, lockSeconds: 10 * 60, run: () => leftPictures.remove() },
  ];
  return {
    requestWorker,
    signUps: SignUpService.create({ ...shared, wake: () => requestWorker.wake() }),
    profiles: ProfileService.create({ ...foundation, people }),
    avatars: AvatarService.create({ ...foundation, people, files }),
    peopleJobs,
    administration: AdministrationService.create(shared),
    accountSessions: AccountSessionsService.create(shared),
    invitations: InvitationService.create({
      ...shared,
      firstAdministratorMade: () => withdrawFirstAdministrator(foundation.config),
    }),
  };
}
