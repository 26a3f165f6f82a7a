import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appointmentModel } from '../appointments/appointment.model.ts';
import { patientModel } from '../patients/patient.model.ts';
import { ratingModel } from '../ratings/rating.model.ts';
import { BookingDesk } from '../testing/booking-desk.ts';
import { NoteDesk, noteOf } from '../testing/note-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { visitNoteModel } from '../visit-notes/visit-note.model.ts';
import { createLogger } from './logger.ts';

const CANARY = 'canary4d1e';
/** As people write: over several lines, and with every mark that a program quotes with. */
const text = (what: string): string =>
  `${CANARY} ${what}, "said"\n${CANARY} 'twice' \`${CANARY}\`\n    at ${CANARY} (home)`;
/** Where it may have one line only. */
const line = (what: string): string => `${CANARY} ${what} "${CANARY}" '${CANARY}' \`${CANARY}\``;
const COLLECTIONS = ['visit_notes', 'appointments', 'ratings', 'patients', 'accounts', 'notifications'];

let server: TestServer;
let doctor: Person;
let patient: Person;
let cookies: Readonly<Record<'doctor' | 'patient', string>>;

beforeAll(async () => {
  server = await TestServer.start({ HC_LOG_LEVEL: 'trace' });
  doctor = await BookingDesk.create(server).doctor('Dr. Dana');
  patient = await server.person('patient', 'Pat');
  cookies = { doctor: await server.signIn(doctor), patient: await server.signIn(patient) };
});
afterAll(() => server.close());

const call = (who: 'doctor' | 'patient', method: string, path: string, body: unknown) =>
  server.call(method, path, { cookie: cookies[who], body });

/** Every text of a person's health that somebody can write, by the request that brings it. @returns the statuses */
async function writeAll(): Promise<number[]> {
  const notes = NoteDesk.create(server);
  const statuses: number[] = [];
  const told = (response: Response): void => void statuses.push(response.status);
  const visit = await server.appointment(doctor, patient);
  const content = {
    subjective: text('1'),
    objective: text('2'),
    assessment: text('3'),
    plan: text('4'),
    text: text('5'),
  };
  told(await notes.save(cookies.doctor, visit, 0, content));
  const signed = signedVisit;
  told(await notes.amend(cookies.doctor, signed, text('amendment'), randomUUID()));
  told(await call('patient', 'PUT', `/api/appointments/${signed}/rating`, { rating: 4, review: text('review') }));
  const emergencyContact = [{ name: line('contact'), relationship: line('relation'), phone: '123 456' }];
  const health = { role: 'patient', allergies: [line('allergy')], gender: CANARY, emergencyContact };
  told(await call('patient', 'PUT', '/api/profile', { change: health }));
  const later = await server.appointment(doctor, patient, 300);
  const asked = await server.appointment(doctor, patient, 600, { status: 'pending', awaiting: 'doctor' });
  told(await call('doctor', 'POST', `/api/appointments/${asked}/decline`, { version: 0, reason: text('decline') }));
  told(await call('patient', 'POST', `/api/appointments/${later}/cancel`, { version: 0, reason: text('cancel') }));
  const slot = BookingDesk.create(server).slot(3, statuses.length);
  told(await BookingDesk.create(server).book(cookies.patient, doctor, slot, { reason: text('reason') }));
  return statuses;
}

let signedVisit: string;

const log = (): string => server.logLines.join('');

describe('the log (P3)', () => {
  beforeAll(async () => {
    signedVisit = await server.appointment(doctor, patient);
    const notes = NoteDesk.create(server);
    await noteOf(await notes.save(cookies.doctor, signedVisit, 0, { text: text('signed') }));
    await noteOf(await notes.sign(cookies.doctor, signedVisit, 1));
  });

  it('holds nothing of what is written about health', async () => {
    expect((await writeAll()).filter((status) => status >= 300)).toEqual([]);
    expect(log()).not.toContain(CANARY);
  });

  it('holds nothing of it when the database refuses to write it', async () => {
    const { db } = server.database.connection;
    const refuse = { $jsonSchema: { required: ['nothing has this'] } };
    for (const name of COLLECTIONS) await db?.command({ collMod: name, validator: refuse, validationAction: 'error' });
    const visits = server.database.connection.collection('appointments');
    // What has to be there before is written past the rule.
    const before = server.logLines.length;
    await visits.updateMany({}, { $set: { comment: text('stored') } }, { bypassDocumentValidation: true });
    const statuses = await writeAllRefused();
    for (const name of COLLECTIONS) await db?.command({ collMod: name, validator: {} });
    expect(statuses).toEqual([500, 500, 500, 500, 500]);
    expect(server.logLines.slice(before).filter((entry) => entry.includes('"level":50'))).toHaveLength(5);
    expect(log()).not.toContain(CANARY);
  });

  async function writeAllRefused(): Promise<number[]> {
    const notes = NoteDesk.create(server);
    const emergencyContact = [{ name: line('other contact'), relationship: line('relation'), phone: '123 456' }];
    const answers = [
      await notes.amend(cookies.doctor, signedVisit, text('amendment'), randomUUID()),
      await call('patient', 'PUT', `/api/appointments/${signedVisit}/rating`, { rating: 5, review: text('review') }),
      await call('patient', 'PUT', '/api/profile', {
        change: { role: 'patient', allergies: [line('allergy')], emergencyContact },
      }),
      await BookingDesk.create(server).book(cookies.patient, doctor, BookingDesk.create(server).slot(4, 30), {
        reason: text('reason'),
      }),
      await call('patient', 'POST', `/api/appointments/${upcoming}/cancel`, { version: 0, reason: text('cancel') }),
    ];
    return answers.map(({ status }) => status);
  }

  let upcoming: string;
  beforeAll(async () => {
    upcoming = await server.appointment(doctor, patient, 900);
  });
});

/** What the database's library says of values that do not fit quotes them, in more than one way. */
describe('an error of the database about a value', () => {
  const long = text('long').repeat(1000);
  const facts = { appointmentId: 'f'.repeat(24), doctorId: 'f'.repeat(24), patientId: 'f'.repeat(24) };
  const writes: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a note that is too long', () => notes().create(given({ ...facts, content: { plan: long } }))],
    ['a note that is none', () => notes().updateOne({}, given({ $set: { 'content.plan': { text: text('object') } } }))],
    ['sections that are none', () => notes().create(given({ ...facts, content: text('content') }))],
    ['an amendment that is none', () => notes().updateOne({}, given({ $push: { amendments: text('amendment') } }))],
    ['a review that is too long', () => ratings().create(given({ ...facts, rating: 3, review: long }))],
    ['a rating that is none', () => ratings().create(given({ ...facts, rating: text('rating') }))],
    ['allergies that are none', () => patients().create(given({ allergies: [{ text: text('allergy') }] }))],
    ['a blood group that is none', () => patients().create(given({ bloodGroup: text('group') }))],
    ['a contact that is none', () => patients().create(given({ emergencyContact: [text('contact')] }))],
    ['a contact with too long a name', () => patients().create(given({ emergencyContact: [{ name: long }] }))],
    [
      'a reason that is too long',
      () => appointments().create(given({ ...facts, reason: long, status: text('status') })),
    ],
    ['a filter that is none', () => appointments().findOne({ doctorId: text('id') })],
  ];
  /** As the library gets what nobody has checked before. */
  const given = (unfit: object): object => unfit;
  const ratings = () => ratingModel(connection());
  const connection = () => server.database.connection;
  const notes = () => visitNoteModel(connection());
  const patients = () => patientModel(connection());
  const appointments = () => appointmentModel(connection());

  it.each(writes)('about %s is logged without it', async (_what, write) => {
    const error = await write().then(
      () => undefined,
      (caught: unknown) => caught,
    );
    if (!(error instanceof Error)) throw new Error('It was written');
    expect(error.message).toContain(CANARY);
    const lines: string[] = [];
    const logger = createLogger({ logLevel: 'trace', logFormat: 'json' }, { write: (entry) => void lines.push(entry) });
    logger.error({ err: error }, 'failed');
    logger.error({ err: new Error('It failed', { cause: error }) }, 'failed');
    expect(lines.join('')).not.toContain(CANARY);
    expect(lines[0]).toContain(`"type":"${error.name}"`);
    expect(lines[0]).toMatch(/\\n +at [^"]*mongoose/);
  });
});
