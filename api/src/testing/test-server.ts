import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Role, type WebhookEvent, type Webhook } from '@health-connect/contract';
import { hash } from 'argon2';
import { inject } from 'vitest';
import { AccountRepository } from '../accounts/account.repository.ts';
import { Application } from '../application.ts';
import type { NewAppointment } from '../appointments/appointment-record.ts';
import { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { CareRelationRepository } from '../appointments/care-relation.repository.ts';
import { appointmentTime } from '../appointments/wall-time.ts';
import { loadConfig, type Config } from '../config.ts';
import { Database } from '../database/database.ts';
import { DoctorRepository } from '../doctors/doctor.repository.ts';
import { SESSION_COOKIE } from '../http/cookie.ts';
import { createLogger } from '../logging/logger.ts';
import { NodeStandIn } from './node-stand-in.ts';
import { TestClock } from './test-clock.ts';

export const PUBLIC_URL = 'http://localhost:3000';
export const PASSWORD = 'correct horse battery staple';
const MINUTE_MS = 60_000;

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

export interface Call {
  /** Cookie header, from `signIn`. */
  readonly cookie?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A MongoDB address with a database that only this test file uses. */
export function databaseUri(): string {
  const uri = new URL(inject('mongodbUri'));
  uri.pathname = `/api_${randomUUID().slice(0, 8)}`;
  return uri.href;
}

/** The whole server on a free port, with a database, a clock and a media node of its own. */
export class TestServer {
  readonly config: Config;
  readonly application: Application;
  readonly clock: TestClock;
  readonly node: NodeStandIn;
  readonly database: Database;
  /** Every log line so far. */
  readonly logLines: string[];
  readonly #passwordHash: string;

  private constructor(parts: {
    config: Config;
    application: Application;
    clock: TestClock;
    node: NodeStandIn;
    database: Database;
    logLines: string[];
    passwordHash: string;
  }) {
    this.config = parts.config;
    this.application = parts.application;
    this.clock = parts.clock;
    this.node = parts.node;
    this.database = parts.database;
    this.logLines = parts.logLines;
    this.#passwordHash = parts.passwordHash;
  }

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<TestServer> {
    const dataDir = await mkdtemp(join(tmpdir(), 'health-connect-api-'));
    const base = {
      HC_DATA_DIR: dataDir,
      HC_PORT: '0',
      HC_PUBLIC_URL: PUBLIC_URL,
      HC_LOG_LEVEL: 'debug',
      HC_WEB_DIR: join(dataDir, 'no-build'),
      // Clocks of tests leap by days: what jobs would make of that is a matter of those tests that run them.
      HC_JOBS: '0',
      MONGODB_URI: databaseUri(),
      ...environment,
    };
    const clock = new TestClock();
    const node = await NodeStandIn.start(loadConfig(base).keyFiles, clock);
    const config = loadConfig({ HC_MEDIA_CONTROL_URL: node.url, ...base });
    const logLines: string[] = [];
    const logger = createLogger(config, { write: (line) => void logLines.push(line) });
    const application = await Application.start(config, logger, clock);
    const database = await Database.connect(config.mongodbUri, logger);
    const passwordHash = await hash(PASSWORD, { memoryCost: 1024, timeCost: 2, parallelism: 1 });
    return new TestServer({ config, application, clock, node, database, logLines, passwordHash });
  }

  get url(): string {
    return `http://127.0.0.1:${this.application.port}`;
  }

  async close(): Promise<void> {
    await this.application.close();
    await this.database.connection.dropDatabase();
    await this.database.close();
    await this.node.close();
    await rm(this.config.dataDir, { recursive: true, force: true });
  }

  /** Makes an account; all have the same password. */
  async person(role: Role, name: string): Promise<Person> {
    const email = `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}.${randomUUID().slice(0, 6)}@test.example`;
    const now = new Date(this.clock.now());
    const facts = { createdAt: now, emailConfirmedAt: now, approvedAt: now };
    const account = { role, name, email, passwordHash: this.#passwordHash, ...facts };
    const id = await AccountRepository.create(this.database.connection).insert(account);
    if (role === 'doctor') {
      await DoctorRepository.create(this.database.connection).insert({
        id,
        specialization: 'Cardiology',
        qualification: 'MD',
        experienceYears: 3,
        about: '',
        languages: [],
        contactNumber: '',
        timeZone: 'Europe/Berlin',
        schedule: [],
      });
    }
    return { id, name, email, role };
  }

  /** Makes an appointment that starts so many minutes from now. */
  async appointment(
    doctor: Person,
    patient: Person,
    startsInMinutes = 0,
    parts: Partial<NewAppointment> = {},
  ): Promise<string> {
    const startsAt = new Date(this.clock.now() + startsInMinutes * MINUTE_MS);
    const { connection } = this.database;
    await CareRelationRepository.create(connection).note(patient.id, doctor.id);
    return AppointmentRepository.create(connection).insert({
      ...appointmentTime(startsAt, 20, 'Europe/Berlin'),
      doctorId: doctor.id,
      patientId: patient.id,
      status: 'scheduled',
      mode: 'video',
      reason: 'Test',
      comment: '',
      rating: null,
      review: '',
      closedAt: null,
      createdAt: new Date(this.clock.now()),
      ...parts,
    });
  }

  /** Signs in through the API. @returns the Cookie header */
  async signIn(person: Person): Promise<string> {
    const response = await this.call('POST', '/api/auth/login', { body: { email: person.email, password: PASSWORD } });
    if (response.status !== 200) throw new Error(`Sign-in was refused: ${await response.text()}`);
    const pair = response.headers.getSetCookie().find((cookie) => cookie.startsWith(SESSION_COOKIE));
    return pair?.split(';', 1)[0] ?? '';
  }

  /** A request as a program sends it; strings are sent as they are, everything else as JSON. */
  call(method: string, path: string, { cookie, body, headers }: Call = {}): Promise<Response> {
    return fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookie === undefined ? {} : { cookie }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  /** Delivers a signed webhook. */
  deliver(webhook: Webhook): Promise<Response> {
    const body = JSON.stringify(webhook);
    return this.call('POST', '/api/media/webhooks', {
      body,
      headers: { authorization: `Bearer ${this.node.sign(body)}` },
    });
  }

  /** Delivers an event of the node, and expects that it is taken. */
  async report(event: WebhookEvent, parts: Partial<Webhook> = {}): Promise<void> {
    const response = await this.deliver(this.node.delivery(event, parts));
    if (response.status !== 202) throw new Error(`Webhook was refused: ${await response.text()}`);
  }
}
