import { randomBytes } from 'node:crypto';
import type { Types } from 'mongoose';
import type { Connection } from './database.ts';
import { toStoredId } from './ids.ts';
import type { Migration } from './migration.ts';

/** What the step needs of an appointment. */
interface Visit {
  readonly _id: Types.ObjectId;
  readonly doctorId: Types.ObjectId;
  readonly patientId: Types.ObjectId;
  readonly endsAt: Date;
  readonly closedAt: Date | null;
  readonly rating: number;
  readonly review: string;
  readonly ratedAt: Date | null;
  readonly notes: string;
}

interface Sum {
  readonly _id: Types.ObjectId;
  readonly ratingSum: number;
  readonly ratingCount: number;
}

const COLLECTIONS = ['appointments', 'appointments_archive'] as const;
const LONGEST_TEXT = 20_000;
const BLANK = { subjective: '', objective: '', assessment: '', plan: '' };
const once = { upsert: true } as const;

/** Ratings get a list and a sum of their own; what stood in the one field for notes becomes a signed note. */
export const RECORDS_MIGRATION: Migration = {
  summary: 'Ratings are listed and counted for each doctor, notes of visits have a place of their own',
  run: async (connection) => {
    await listRatings(connection);
    await countRatings(connection);
    await moveNotes(connection);
  },
};

async function listRatings(connection: Connection): Promise<void> {
  const ratings = connection.collection('ratings');
  await ratings.createIndexes([{ key: { appointmentId: 1 }, unique: true }]);
  for (const name of COLLECTIONS) {
    for await (const visit of connection.collection(name).find<Visit>({ rating: { $type: 'number' } })) {
      const { _id: appointmentId, doctorId, rating, review } = visit;
      const ratedAt = visit.ratedAt ?? visit.closedAt ?? visit.endsAt;
      const facts = { _id: toStoredId(randomBytes(12).toString('hex')), doctorId, rating, review, ratedAt };
      await ratings.updateOne({ appointmentId }, { $setOnInsert: facts }, once);
    }
  }
}

async function countRatings(connection: Connection): Promise<void> {
  const doctors = connection.collection('doctors');
  const none = { ratingSum: 0, ratingCount: 0 };
  await doctors.updateMany({ ratingCount: { $exists: false } }, { $set: none });
  const sums = { _id: '$doctorId', ratingSum: { $sum: '$rating' }, ratingCount: { $sum: 1 } };
  for await (const { _id, ...sum } of connection.collection('ratings').aggregate<Sum>([{ $group: sums }])) {
    await doctors.updateOne({ _id }, { $set: sum });
  }
}

/** Not shared: nobody wrote them for the patient to read. Their doctor can share them. */
async function moveNotes(connection: Connection): Promise<void> {
  const notes = connection.collection('visit_notes');
  await notes.createIndexes([{ key: { appointmentId: 1 }, unique: true }]);
  for (const name of COLLECTIONS) {
    const visits = connection.collection(name);
    const written = { status: 'completed', notes: { $type: 'string', $ne: '' } } as const;
    for await (const visit of visits.find<Visit>(written)) {
      const { _id: appointmentId, doctorId, patientId } = visit;
      const at = visit.closedAt ?? visit.endsAt;
      const doctor = await connection.collection('accounts').findOne({ _id: doctorId }, { projection: { name: 1 } });
      const times = { savedAt: at, auditedAt: at, signedAt: at, createdAt: at };
      const content = { ...BLANK, text: visit.notes.slice(0, LONGEST_TEXT) };
      const signed = { version: 1, shared: false, signedBy: String(doctor?.['name'] ?? ''), amendments: [] };
      const note = { doctorId, patientId, content, ...signed, ...times };
      await notes.updateOne({ appointmentId }, { $setOnInsert: note }, once);
      const told = { $set: { noteState: 'signed', noteShared: false }, $unset: { notes: '' } };
      await visits.updateOne({ _id: appointmentId }, told);
    }
    await visits.updateMany({ notes: '' }, { $unset: { notes: '' } });
  }
}
