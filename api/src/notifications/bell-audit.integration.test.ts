import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { VIEW_SPACING_MS } from '../audit/view-spacing.ts';
import { expectRefusal } from '../testing/answers.ts';
import { TestBrowser } from '../testing/test-browser.ts';
import { TestNews } from '../testing/test-news.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

const DAY_MINUTES = 24 * 60;

let server: TestServer;
let doctor: Person;
let patients: Person[];
let cookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  const news = await TestNews.of(server);
  doctor = await server.person('doctor', 'Dr Lima');
  patients = [await server.person('patient', 'Pia Noor'), await server.person('patient', 'Max Moor')];
  for (const [index, patient] of patients.entries()) {
    const appointment = await server.appointment(doctor, patient, (3 + index) * DAY_MINUTES);
    for (const change of ['cancel', 'confirm'] as const) await news.tell(appointment, change, 'patient');
    await news.tell(appointment, 'confirm', 'doctor');
  }
});
afterAll(() => server.close());
// A sign-in of its own: what one has seen lately is remembered.
beforeEach(async () => {
  cookie = await server.signIn(doctor);
});

const bell = (by: string) => server.call('GET', '/api/notifications', { cookie: by });
const entriesOf = (response: Response) =>
  server.database.connection
    .collection('audit_entries')
    .find({ requestId: response.headers.get('x-request-id') })
    .toArray();

describe('the bell in the audit trail (P2)', () => {
  it('is a view of each patient whom it names, once', async () => {
    const entries = await entriesOf(await bell(cookie));
    const view = { accountId: doctor.id, role: 'doctor', action: 'view', resource: 'notifications', outcome: 'ok' };
    expect(entries).toHaveLength(patients.length);
    expect(entries).toEqual(
      expect.arrayContaining(patients.map(({ id }): unknown => expect.objectContaining({ ...view, patientId: id }))),
    );
  });

  it('is an entry every 15 minutes, although each connection of a page reads it', async () => {
    const browser = await TestBrowser.signedIn(server, doctor);
    const look = async () => entriesOf(await browser.call('GET', '/api/notifications'));
    expect(await look()).toHaveLength(2);
    server.clock.advance(VIEW_SPACING_MS - 1);
    await browser.refresh();
    expect(await look()).toHaveLength(0);
    expect(await entriesOf(await bell(await server.signIn(doctor)))).toHaveLength(2);
    server.clock.advance(1);
    expect(await look()).toHaveLength(2);
  });

  it('is the patient’s own record when the patient looks, and nobody’s when there is nothing', async () => {
    const [patient] = patients;
    const own = await entriesOf(await bell(await server.signIn(patient ?? doctor)));
    expect(own).toMatchObject([{ accountId: patient?.id, patientId: patient?.id, resource: 'notifications' }]);
    const newcomer = await server.person('doctor', 'Dr Neu');
    expect(await entriesOf(await bell(await server.signIn(newcomer)))).toEqual([]);
  });

  it('stays shut when its entry cannot be written, and the next try writes it', async () => {
    const { db } = server.database.connection;
    await db?.command({ collMod: 'audit_entries', validator: { impossible: { $exists: true } } });
    try {
      await expectRefusal(await bell(cookie), 500, 'internal');
    } finally {
      await db?.command({ collMod: 'audit_entries', validator: {} });
    }
    expect(await entriesOf(await bell(cookie))).toHaveLength(2);
  });
});
