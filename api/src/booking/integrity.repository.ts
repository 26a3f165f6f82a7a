import { APPOINTMENT_STATUSES, isActive } from '@health-connect/contract';
import type { Connection, Model } from 'mongoose';
import { careRelationModel, type StoredCareRelation } from '../appointments/care-relation.model.ts';
import { appointmentModel, type StoredAppointment } from '../appointments/appointment.model.ts';
import { condition } from '../database/filter.ts';
import type { StoredId } from '../database/ids.ts';
import { cellsOf } from './cells.ts';
import { claimModel, type StoredClaim } from './claim.model.ts';
import { holdModel, type StoredHold } from './hold.model.ts';

/** Reads whole collections, on all shards: what is derived from appointments and the appointments, for the check of both. */
export class IntegrityRepository {
  readonly #claims: Model<StoredClaim>;
  readonly #appointments: Model<StoredAppointment>;
  readonly #holds: Model<StoredHold>;
  readonly #relations: Model<StoredCareRelation>;

  private constructor(connection: Connection) {
    this.#claims = claimModel(connection);
    this.#appointments = appointmentModel(connection);
    this.#holds = holdModel(connection);
    this.#relations = careRelationModel(connection);
  }

  static create(connection: Connection): IntegrityRepository {
    return new IntegrityRepository(connection);
  }

  /**
   * Claims of appointments, and of holds those that the database sweeps by nothing yet: claims and document of a hold
   * that has ended are swept up one after the other, by the real time.
   */
  async claims() {
    const alive = [{ owner: 'appointment' }, { owner: 'hold', expiresAt: condition({ $gt: new Date() }) }] as const;
    const found = await this.#claims.find({ $or: [...alive] }).lean();
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

  /** What is kept, by the claims that it may have. */
  async holds() {
    const found = await this.#holds.find({}).lean();
    return found.map(({ holdId, doctorId, patientId, startsAt, endsAt }) => ({
      id: holdId.toHexString(),
      subjectIds: [doctorId.toHexString(), patientId.toHexString()],
      cells: cellsOf(startsAt, endsAt),
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
