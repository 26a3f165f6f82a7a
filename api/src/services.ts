import { AccountRepository } from './accounts/account.repository.ts';
import { AuthService } from './accounts/auth.service.ts';
import { PasswordHasher } from './accounts/password-hasher.ts';
import { SessionRepository } from './accounts/session.repository.ts';
import { AppointmentRepository } from './appointments/appointment.repository.ts';
import { AppointmentService } from './appointments/appointment.service.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { CallEventsService } from './consultations/call-events.service.ts';
import { CallOrderService } from './consultations/call-order.service.ts';
import { CallSweeper } from './consultations/call-sweeper.ts';
import { ConsultationService } from './consultations/consultation.service.ts';
import { PresenceService } from './consultations/presence.service.ts';
import { RoomRepository } from './consultations/room.repository.ts';
import type { Database } from './database/database.ts';
import { DoctorRepository } from './doctors/doctor.repository.ts';
import type { Logger } from './logging/logger.ts';
import { ControlClient } from './media-nodes/control-client.ts';
import { MediaNodeRegistry } from './media-nodes/media-node.registry.ts';
import { MediaNodeRepository } from './media-nodes/media-node.repository.ts';
import { WebhookRepository } from './media-nodes/webhook.repository.ts';
import { PatientRepository } from './patients/patient.repository.ts';
import type { EventPublisher } from './realtime/publisher.ts';
import type { Secrets } from './secrets/secrets.ts';

/** What every part of the server is built from. */
export interface Foundation {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly database: Database;
  readonly events: EventPublisher;
  readonly clock: Clock;
  readonly logger: Logger;
}

function createRepositories({ connection }: Database) {
  return {
    accounts: AccountRepository.create(connection),
    sessions: SessionRepository.create(connection),
    doctors: DoctorRepository.create(connection),
    patients: PatientRepository.create(connection),
    appointments: AppointmentRepository.create(connection),
    rooms: RoomRepository.create(connection),
    mediaNodes: MediaNodeRepository.create(connection),
    deliveries: WebhookRepository.create(connection),
  };
}

function createCalls(foundation: Foundation, repositories: ReturnType<typeof createRepositories>) {
  const { config, secrets, clock } = foundation;
  const control = ControlClient.create({ baseUrl: config.mediaControlUrl, privateKey: secrets.apiPrivateKey, clock });
  const nodes = MediaNodeRegistry.create({ nodes: repositories.mediaNodes, control, clock });
  const shared = { ...foundation, ...repositories, nodes };
  const orders = CallOrderService.create({ ...shared, control });
  const presence = PresenceService.create(shared);
  return {
    nodes,
    orders,
    presence,
    callEvents: CallEventsService.create({ ...shared, orders, presence }),
    sweeper: CallSweeper.create({ ...shared, orders, presence }),
    consultations: ConsultationService.create({
      ...shared,
      joinEarlyMinutes: config.joinEarlyMinutes,
      mediaPublicUrl: config.mediaPublicUrl,
      relay: config.relay,
      privateKey: secrets.apiPrivateKey,
    }),
  };
}

/** Builds every service of the product on one foundation. */
export async function createServices(foundation: Foundation) {
  const { config, secrets, events } = foundation;
  const repositories = createRepositories(foundation.database);
  const hasher = await PasswordHasher.create(config.hashingConcurrency);
  const calls = createCalls(foundation, repositories);
  const auth = AuthService.create({
    ...foundation,
    ...repositories,
    hasher,
    sessionKey: secrets.sessionKey,
    events: { sessionEnded: (sessionId) => events.endSession(sessionId) },
  });
  const appointments = AppointmentService.create({
    ...foundation,
    ...repositories,
    calls: calls.orders,
    joinEarlyMinutes: config.joinEarlyMinutes,
  });
  return { ...calls, auth, appointments, hasher, repositories };
}

export type Services = Awaited<ReturnType<typeof createServices>>;
