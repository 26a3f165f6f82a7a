import { APPOINTMENT_STATUSES, isActive } from '@health-connect/contract';
import type { Connection, Model } from 'mongoose';
import { careRelationModel, type StoredCareRelation } from '../appointments/care-relation.model.ts';
import { appointmentModel, type StoredAppointment } from '../appointments/appointment.model.ts';
import { condition } from '../database/filter.ts';
import type { StoredId } from '../database/ids.ts';
import { cellsOf } from './cells.ts';
import { claimModel, type StoredClaim } from './claim.model.ts';

/** Reads whole collections, on all shards: what is derived from appointments and the appointments, for the check of both. */
export class IntegrityRepository {
  readonly #claims: Model<StoredClaim>;
  readonly #appointments: Model<StoredAppointment>;
  readonly #relations: Model<StoredCareRelation>;

  private constructor(connection: Connection) {
    this.#claims = claimModel(connection);
    this.#appointments = appointmentModel(connection);
    this.#relations = careRelationModel(connection);
  }

  static create(connection: Connection): IntegrityRepository {
    return new IntegrityRepository(connection);
  }

  async claims() {
    const found = await this.#claims.find({}).lean();
    return found.map(({ subjectId, cell, owner, ownerId }) => ({
      subjectId: subjectId.toHexString(),
      cell,
      owner,
      ownerId: ownerId.toHexString(),
    }));
  }

  async activeAppointments() {
    const filter = { status: condition({ $in: APPOINTMENT_STATUSES.filter(isActive) }) };
    const found = await this.#appointments.find(filter).select('doctorId patientId startsAt endsAt replacesId').lean();
    return found.map(({ _id, doctorId, patientId, startsAt, endsAt, replacesId }) => ({
      id: _id.toHexString(),
      subjectIds: [doctorId.toHexString(), patientId.toHexString()],
      cells: cellsOf(startsAt, endsAt),
      replacesId: replacesId?.toHexString() ?? null,
    }));
  }

  /** Pairs of everybody who takes part in an appointment and its doctor, with one of these appointments. */
  async participations() {
    const found = await this.#appointments.find({}).select('doctorId patientId colleagueIds').lean();
    return found.flatMap(({ _id, doctorId, patientId, colleagueIds }) =>
      [patientId, ...colleagueIds].map((accountId) => ({ id: _id.toHexString(), pair: pairOf(accountId, doctorId) })),
    );
  }

  /** The pairs that are known. */
  async relations(): Promise<ReadonlySet<string>> {
    const found = await this.#relations.find({}).lean();
    return new Set(found.map(({ accountId, doctorId }) => pairOf(accountId, doctorId)));
  }
}

const pairOf = (accountId: StoredId, doctorId: StoredId): string =>
  `${accountId.toHexString()}:${doctorId.toHexString()}`;
