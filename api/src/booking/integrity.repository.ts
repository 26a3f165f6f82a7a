import { APPOINTMENT_STATUSES, isActive } from '@health-connect/contract';
import type { Connection, Model } from 'mongoose';
import { appointmentModel, type StoredAppointment } from '../appointments/appointment.model.ts';
import { condition } from '../database/filter.ts';
import { cellsOf } from './cells.ts';
import { claimModel, type StoredClaim } from './claim.model.ts';

/** Reads all claims and everything that may have made them, for the check of both. */
export class IntegrityRepository {
  readonly #claims: Model<StoredClaim>;
  readonly #appointments: Model<StoredAppointment>;

  private constructor(connection: Connection) {
    this.#claims = claimModel(connection);
    this.#appointments = appointmentModel(connection);
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
}
