import { once } from 'node:events';
import type { Server } from 'node:http';
import type Router from '@koa/router';
import { endpoints } from '@health-connect/contract';
import type { Actor } from './accounts/actor.ts';
import { authRoutes } from './accounts/auth.routes.ts';
import { passwordRoutes } from './accounts/password.routes.ts';
import { administrationRoutes } from './accounts/administration.routes.ts';
import { offerFirstAdministrator } from './accounts/first-administrator.ts';
import { invitationRoutes } from './accounts/invitation.routes.ts';
import { signUpRoutes } from './accounts/signup.routes.ts';
import { secondFactorRoutes } from './accounts/second-factor.routes.ts';
import { sessionRoutes } from './accounts/session.routes.ts';
import { appointmentRoutes } from './appointments/appointment.routes.ts';
import { auditRoutes } from './audit/audit.routes.ts';
import { calendarRoutes } from './calendar/calendar.routes.ts';
import { bookingRoutes } from './booking/booking.routes.ts';
import { systemClock, type Clock } from './clock.ts';
import type { Config } from './config.ts';
import { consultationRequests } from './consultations/consultation.requests.ts';
import { consultationRoutes } from './consultations/consultation.routes.ts';
import { doctorRoutes } from './doctors/doctor.routes.ts';
import { Database } from './database/database.ts';
import { migrate } from './database/migrate.ts';
import { MIGRATIONS } from './database/migrations.ts';
import { prepareDemo } from './demo/demo.ts';
import { Readiness } from './http/health.ts';
import { createRouter } from './http/router.ts';
import { headersOfData } from './http/security-headers.ts';
import { createHttpServer } from './http/server.ts';
import type { Logger } from './logging/logger.ts';
import { outboxRoutes } from './mail/outbox.routes.ts';
import { requireMediaNode } from './media-nodes/webhook-token.ts';
import { webhookRoutes } from './media-nodes/webhook.routes.ts';
import { notificationRoutes } from './notifications/notification.routes.ts';
import type { Refused } from './policy/refusal.ts';
import { ratingRoutes } from './ratings/rating.routes.ts';
import { patientRoutes } from './patients/patient.routes.ts';
import { Gateway } from './realtime/gateway.ts';
import { LocalSockets } from './realtime/local-sockets.ts';
import { SessionWatch } from './realtime/session-watch.ts';
import { SlotGateway } from './realtime/slot-gateway.ts';
import { SocketNewsBus } from './realtime/socket-news-bus.ts';
import { SocketNewsRepository } from './realtime/socket-news.repository.ts';
import { SocketPublisher } from './realtime/socket-publisher.ts';
import { scheduleRoutes } from './schedule/schedule.routes.ts';
import { profileRoutes } from './profiles/profile.routes.ts';
import { attachSocketServer, createSocketServer, type AppServer } from './realtime/socket-server.ts';
import { loadSecrets, type Secrets } from './secrets/secrets.ts';
import { createServices, type Services } from './services.ts';
import { systemRoutes } from './system/system.routes.ts';
import { visitNoteRoutes } from './visit-notes/visit-note.routes.ts';

/** How long requests that are under way may take once the server is told to stop. */
const DRAIN_LIMIT_MS = 10_000;

interface Running {
  readonly config: Config;
  readonly logger: Logger;
  readonly database: Database;
  readonly services: Services;
  readonly readiness: Readiness;
  readonly server: Server;
  readonly io: AppServer;
  readonly bus: SocketNewsBus;
  readonly router: Router;
  readonly sessionWatch: SessionWatch;
}

/** Every declared endpoint with its handler. */
export function mountRoutes(
  services: Services,
  secrets: Secrets,
  clock: Clock,
  { publicUrl, clinicPhone }: Pick<Config, 'publicUrl' | 'clinicPhone'>,
) {
  const bindings = [
    ...systemRoutes(clinicPhone),
    ...authRoutes(services.auth, services.devices),
    ...sessionRoutes(services.sessions),
    ...passwordRoutes(services.passwords),
    ...secondFactorRoutes(services.auth, services.secondFactor, services.devices),
    // Before the routes with an id in the same place: "day" is none.
    ...bookingRoutes({ ...services, holds: services.holdService }),
    ...appointmentRoutes(services.appointments),
    ...auditRoutes(services.auditLog),
    ...calendarRoutes(services.calendars),
    ...patientRoutes(services.charts),
    ...ratingRoutes(services.ratings),
    ...visitNoteRoutes(services.visitNotes, services.noteSigning),
    ...notificationRoutes(services.notifications),
    ...consultationRoutes(services.consultations, services.lifeCycle),
    ...administrationRoutes(services.administration, services.accountSessions),
    ...profileRoutes(services.profiles, services.avatars),
    ...doctorRoutes(services.directory, services.weeks, services.slotThrottle),
    ...scheduleRoutes(services.schedules),
    ...signUpRoutes(services.signUps, services.devices),
    ...invitationRoutes(services.invitations),
    ...outboxRoutes(services.outbox),
    ...webhookRoutes(services.callEvents),
  ];
  const guards = {
    refused: (actor: Actor, refused: Refused) => services.auditLog.refused(actor, refused),
    authenticate: (token: string | undefined) => services.auth.authenticate(token),
    requireMediaNode: (authorization: string | undefined, rawBody: Buffer) =>
      requireMediaNode(authorization, rawBody, () => secrets.mediaPublicKey(), clock),
  };
  return createRouter(endpoints, bindings, guards, new URL(publicUrl).origin);
}

/** The whole server: from its settings to an open port, and back. */
export class Application {
  readonly #running: Running;
  #closing: Promise<void> | undefined;

  private constructor(running: Running) {
    this.#running = running;
  }

  /** Starts everything and listens. What was opened is closed again when a later step fails. */
  static async start(config: Config, logger: Logger, clock: Clock = systemClock): Promise<Application> {
    const secrets = await loadSecrets(config);
    const database = await Database.connect(config.mongodbUri, logger);
    const io = createSocketServer(new URL(config.publicUrl).origin);
    const local = LocalSockets.create(io);
    const repository = SocketNewsRepository.create(database.connection);
    const bus = SocketNewsBus.create({ repository, key: secrets.queueKey, receiver: local, logger });
    try {
      const events = SocketPublisher.create({ local, bus });
      const services = await createServices({ config, secrets, database, events, slotNews: events, clock, logger });
      await migrate(database.connection, MIGRATIONS, logger);
      await database.ensureIndexes();
      await bus.open();
      await services.audit.start();
      if (config.demo)
        await prepareDemo({ ...services.repositories, hasher: services.hasher, database, clock, config, logger });
      services.doctorListings.start();
      await offerFirstAdministrator({ invitations: services.invitations, config });
      const readiness = Readiness.create({
        database: () => database.ping(),
        mediaNode: async () => (await services.nodes.current()) !== undefined,
      });
      const router = mountRoutes(services, secrets, clock, config);
      const server = createHttpServer({ ...config, router, readiness, logger });
      SlotGateway.create({ io, trustedProxies: config.trustedProxies, logger });
      Gateway.create({
        io,
        bindings: consultationRequests(services.presence),
        authenticate: (token) => services.auth.authenticate(token),
        authenticateSession: (sessionId) => services.auth.authenticateSession(sessionId),
        refused: (actor, refused) => services.auditLog.refused(actor, refused),
        trustedProxies: config.trustedProxies,
        clock,
        logger,
      });
      attachSocketServer(io, server, headersOfData(config.publicUrl));
      server.listen(config.port, config.host);
      await once(server, 'listening');
      services.sweeper.start();
      const sessionWatch = SessionWatch.create({
        io,
        sessions: services.repositories.sessions,
        receiver: local,
        logger,
      });
      sessionWatch.start();
      for (const worker of services.workers) worker.start();
      services.jobs.start();
      return new Application({ config, logger, database, services, readiness, server, io, bus, router, sessionWatch });
    } catch (error) {
      await bus.close();
      await database.close();
      throw error;
    }
  }

  /** Port on which the server listens. */
  get port(): number {
    const address = this.#running.server.address();
    if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port');
    return address.port;
  }

  /** Every route that is mounted, as `METHOD path`. */
  get routes(): string[] {
    return this.#running.router.stack.flatMap(({ methods, path }) =>
      methods.map((method) => `${method} ${String(path)}`),
    );
  }

  /** One round of the periodic upkeep of calls, at once. */
  sweep(): Promise<void> {
    return this.#running.services.sweeper.sweep();
  }

  /** Runs one of the jobs that come round again, at once. @throws RangeError for an unknown name */
  runJob(name: string): Promise<void> {
    return this.#running.services.jobs.run(name);
  }

  /** When the directory shows everything that has happened so far. */
  settled(): Promise<void> {
    return this.#running.services.doctorListings.settled();
  }

  /** One round of what the product changes by itself as time goes by, at once. */
  async changeBySystem(): Promise<void> {
    const { systemChanges } = this.#running.services;
    await systemChanges.expireUnanswered();
    await systemChanges.endLeft();
  }

  /** Stops gracefully: not ready, no new connections, requests under way end, sockets and database close. */
  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  async #drain(): Promise<void> {
    const { readiness, services, server, io, bus, database, logger, sessionWatch } = this.#running;
    logger.info('Stopping: requests under way may end');
    readiness.drain();
    const limit = setTimeout(() => {
      logger.warn('Requests were cut off at the end of the drain time');
      server.closeAllConnections();
    }, DRAIN_LIMIT_MS);
    await io.close();
    clearTimeout(limit);
    await sessionWatch.close();
    await services.sweeper.close();
    await services.jobs.close();
    await services.doctorListings.settled();
    for (const worker of services.workers) await worker.close();
    services.hasher.close();
    await services.audit.close();
    await bus.close();
    await database.close();
    logger.info('Stopped');
  }
}
