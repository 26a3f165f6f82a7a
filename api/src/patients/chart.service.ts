import {
  ProductError,
  type EndpointResponse,
  type PatientProfile,
  type patientEndpoints,
} from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { AppointmentViews } from '../appointments/appointment.views.ts';
import type { AuditFacts } from '../audit/audit.facts.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import { cursorOf, positionOf } from '../database/time-cursor.ts';
import { requireCan } from '../policy/policy.ts';
import type { ChartRepository } from './chart.repository.ts';
import type { PatientRepository } from './patient.repository.ts';

interface Parts {
  readonly charts: ChartRepository;
  readonly accounts: Pick<AccountRepository, 'byId' | 'byIds'>;
  readonly patients: Pick<PatientRepository, 'byId' | 'birthDates'>;
  readonly appointments: Pick<AppointmentRepository, 'treats'>;
  readonly views: AppointmentViews;
  readonly audit: Audit;
  readonly clock: Clock;
}

type Endpoints = typeof patientEndpoints;
type Patients = EndpointResponse<Endpoints['mine']>;
type Chart = EndpointResponse<Endpoints['chart']>['patient'];
type History = EndpointResponse<Endpoints['history']>;

const PATIENTS_A_PAGE = 50;
const VISITS_A_PAGE = 20;

/** What is known of a patient who has told nothing yet. */
const UNTOLD: PatientProfile = {
  dateOfBirth: null,
  gender: '',
  contactNumber: '',
  bloodGroup: null,
  allergies: null,
  emergencyContact: [],
};

/** Charts of patients (R25): for who treats or has treated them. Each view is in the trail before it is answered. */
export class ChartService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): ChartService {
    return new ChartService(parts);
  }

  /** The doctor's patients, last seen first. @throws ProductError `validation_failed` for a cursor of nobody */
  async mine(actor: Actor, cursor: string | undefined): Promise<Patients> {
    const { charts, accounts, patients, audit, clock } = this.#parts;
    const page = { after: positionOf(cursor), limit: PATIENTS_A_PAGE + 1 };
    const found = await charts.patientsOf(actor.accountId, new Date(clock.now()), page);
    const seen = found.slice(0, PATIENTS_A_PAGE);
    const ids = seen.map(({ patientId }) => patientId);
    const views = ids.map((patientId): AuditFacts => ({ action: 'view', resource: 'appointments', patientId }));
    await audit.record(actor, ...(views.length > 0 ? views : [{ action: 'view', resource: 'appointments' } as const]));
    const [people, birthDates] = await Promise.all([accounts.byIds(ids), patients.birthDates(ids)]);
    const last = found.length > PATIENTS_A_PAGE ? seen.at(-1) : undefined;
    return {
      patients: seen.map(({ patientId: id, lastVisitAt }) => ({
        id,
        name: people.get(id)?.name ?? '',
        avatarId: people.get(id)?.avatarId ?? null,
        dateOfBirth: birthDates.get(id) ?? null,
        lastVisitAt: lastVisitAt.toISOString(),
      })),
      next: last === undefined ? null : cursorOf({ at: last.lastVisitAt, id: last.patientId }),
    };
  }

  /** Who a patient is. @throws ProductError `forbidden` for who does not treat them; `not_found` */
  async chart(actor: Actor, patientId: string): Promise<Chart> {
    const { accounts, patients, audit } = this.#parts;
    await this.#requireRecord(actor, patientId);
    const account = await accounts.byId(patientId);
    if (account?.role !== 'patient') throw new ProductError('not_found');
    await audit.record(actor, { action: 'view', resource: 'record', patientId, detail: 'chart' });
    const { name, avatarId } = account;
    return { ...UNTOLD, ...(await patients.byId(patientId)), id: patientId, name, avatarId };
  }

  /**
   * A patient's appointments, newest first, for who treats them and for themselves.
   * @throws ProductError `forbidden`; `validation_failed` for a cursor of nobody
   */
  async history(actor: Actor, patientId: string, cursor: string | undefined): Promise<History> {
    const { charts, views, audit } = this.#parts;
    await this.#requireRecord(actor, patientId);
    const page = { after: positionOf(cursor), limit: VISITS_A_PAGE + 1 };
    const reader = actor.accountId === patientId ? undefined : actor.accountId;
    const found = await charts.history(patientId, page, reader);
    await audit.record(actor, { action: 'view', resource: 'record', patientId, detail: 'history' });
    const visits = found.slice(0, VISITS_A_PAGE);
    const last = found.length > VISITS_A_PAGE ? visits.at(-1) : undefined;
    return {
      appointments: await views.inRecord(visits, actor.accountId),
      next: last === undefined ? null : cursorOf({ at: last.startsAt, id: last.id }),
    };
  }

  async #requireRecord(actor: Actor, patientId: string): Promise<void> {
    const { appointments, clock } = this.#parts;
    const now = new Date(clock.now());
    const treats = actor.role === 'doctor' && (await appointments.treats(actor.accountId, patientId, now));
    requireCan(actor, 'record.view', { patientId, treatingDoctorIds: treats ? [actor.accountId] : [] });
  }
}
