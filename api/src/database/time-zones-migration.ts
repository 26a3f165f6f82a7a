import type { Types } from 'mongoose';
import { appointmentTime } from '../appointments/wall-time.ts';
import { knownZone } from '../time-zone.ts';
import type { Connection } from './database.ts';
import type { Migration } from './migration.ts';

/** What the step needs of an appointment. */
interface Visit {
  readonly _id: Types.ObjectId;
  readonly doctorId: Types.ObjectId;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timeZone: string;
  readonly date: string;
  readonly startTime: string;
}

interface Zoned {
  readonly _id: Types.ObjectId;
  readonly timeZone: string;
}

const COLLECTIONS = ['appointments', 'appointments_archive'] as const;
const NO_ZONE = 'UTC';
const MINUTE_MS = 60_000;

/**
 * What short names stand for that were once taken as zones. Where it is one thing, that is what was meant; else it takes
 * something that tells which. Names that are not here are nobody's to guess: they stay, for a runtime that knows them.
 */
const MEANINGS: Readonly<Record<string, readonly string[]>> = {
  AST: ['America/Halifax', 'America/Puerto_Rico', 'Asia/Riyadh', 'Asia/Baghdad', 'Asia/Kuwait', 'Asia/Qatar'],
  BST: ['Europe/London', 'Asia/Dhaka'],
  CAT: ['Africa/Maputo'],
  CST: ['America/Chicago', 'America/Winnipeg', 'America/Mexico_City', 'America/Havana', 'Asia/Shanghai', 'Asia/Taipei'],
  EAT: ['Africa/Nairobi'],
  IST: ['Asia/Kolkata', 'Asia/Calcutta', 'Europe/Dublin', 'Asia/Jerusalem'],
  JST: ['Asia/Tokyo'],
  NST: ['America/St_Johns', 'Pacific/Auckland'],
  PST: ['America/Los_Angeles', 'America/Vancouver', 'America/Tijuana', 'Asia/Manila'],
  SST: ['Pacific/Pago_Pago', 'Asia/Singapore', 'Pacific/Guadalcanal'],
};

/** Zones that were taken once and mean no one place make way for what was meant, where something tells it. */
export const TIME_ZONES_MIGRATION: Migration = {
  summary: 'Time zones that mean several places are replaced where it is clear which one was meant',
  run: async (connection, logger) => {
    const mapped = await mapDoctors(connection);
    const unclear = await unclearIn(connection, 'doctors');
    const { mapped: visits, left } = await mapVisits(connection);
    await mapNotifications(connection);
    // Browsers tell their zone anew by themselves; listings are made anew at the start.
    const told = { timeZone: { $in: await unclearIn(connection, 'accounts') } };
    await connection.collection('accounts').updateMany(told, { $set: { timeZone: null } });
    const listed = { timeZone: { $in: await unclearIn(connection, 'doctor_listings') } };
    await connection.collection('doctor_listings').deleteMany(listed);
    const toChoose = await connection.collection('doctors').countDocuments({ timeZone: { $in: unclear } });
    logger.info(
      { mapped, visits, left, toChoose },
      'Time zones that mean several places: doctors are asked to choose one',
    );
  },
};

/** Zones in a collection in which no dates can be reckoned. */
async function unclearIn(connection: Connection, name: string): Promise<string[]> {
  const zones: unknown[] = await connection.collection(name).distinct('timeZone');
  return zones.filter((zone) => typeof zone === 'string').filter((zone) => knownZone(zone) === undefined);
}

const meaningsOf = (name: string): readonly string[] => MEANINGS[name.toUpperCase()] ?? [];

/** The one zone that it can mean, or the one of them in which the browser of the doctor is. */
async function mapDoctors(connection: Connection): Promise<number> {
  const doctors = connection.collection('doctors');
  let mapped = 0;
  const unclear = { timeZone: { $in: await unclearIn(connection, 'doctors') } };
  for await (const { _id, timeZone } of doctors.find<Zoned>(unclear, { projection: { timeZone: 1 } })) {
    const [only, ...others] = meaningsOf(timeZone);
    const account = await connection.collection('accounts').findOne<Partial<Zoned>>({ _id });
    const meant = others.length === 0 ? only : meaningsOf(timeZone).find((zone) => zone === account?.timeZone);
    if (meant === undefined) continue;
    // The version rises: a page that was open meanwhile holds other hours.
    const change = { $set: { timeZone: meant }, $inc: { scheduleVersion: 1 } };
    mapped += (await doctors.updateOne({ _id, timeZone }, change)).modifiedCount;
  }
  return mapped;
}

/** An appointment tells by itself where it was meant: its instant and its wall time are both known. */
async function mapVisits(connection: Connection): Promise<{ readonly mapped: number; readonly left: number }> {
  const zoneOfDoctor = doctorZones(connection);
  let [mapped, left] = [0, 0];
  for (const name of COLLECTIONS) {
    const visits = connection.collection(name);
    const unclear = { timeZone: { $in: await unclearIn(connection, name) } };
    const projection = { doctorId: 1, startsAt: 1, endsAt: 1, timeZone: 1, date: 1, startTime: 1 };
    for await (const { _id, timeZone, ...visit } of visits.find<Visit>(unclear, { projection })) {
      const meanings = meaningsOf(timeZone);
      if (meanings.length === 0) {
        left += 1;
        continue;
      }
      // At one time of the year, several of them have the same wall time: the doctor's own goes first.
      const own = await zoneOfDoctor(visit.doctorId);
      const candidates = [...meanings.filter((zone) => zone === own), ...meanings, NO_ZONE];
      const minutes = (visit.endsAt.getTime() - visit.startsAt.getTime()) / MINUTE_MS;
      const times = candidates.map((zone) => appointmentTime(visit.startsAt, minutes, zone));
      const isMeant = ({ date, startTime }: Pick<Visit, 'date' | 'startTime'>): boolean =>
        date === visit.date && startTime === visit.startTime;
      const meant = times.find(isMeant) ?? times.at(-1);
      mapped += (await visits.updateOne({ _id, timeZone }, { $set: { ...meant } })).modifiedCount;
    }
  }
  return { mapped, left };
}

/** The zones of doctors as they are now, each read once. */
function doctorZones(connection: Connection): (doctorId: Types.ObjectId) => Promise<string | undefined> {
  const zones = new Map<string, string | undefined>();
  return async (_id) => {
    const key = String(_id);
    if (!zones.has(key)) zones.set(key, (await connection.collection('doctors').findOne<Zoned>({ _id }))?.timeZone);
    return zones.get(key);
  };
}

async function mapNotifications(connection: Connection): Promise<void> {
  const notifications = connection.collection('notifications');
  const unclear = { timeZone: { $in: await unclearIn(connection, 'notifications') } };
  const projection = { appointmentId: 1, timeZone: 1 };
  const found = notifications.find<Zoned & { readonly appointmentId: Types.ObjectId }>(unclear, { projection });
  for await (const { _id, appointmentId, timeZone } of found) {
    if (meaningsOf(timeZone).length === 0) continue;
    let zone = NO_ZONE;
    for (const name of COLLECTIONS) {
      const visit = await connection.collection(name).findOne<Zoned>({ _id: appointmentId });
      zone = visit?.timeZone ?? zone;
    }
    await notifications.updateOne({ _id }, { $set: { timeZone: zone } });
  }
}
