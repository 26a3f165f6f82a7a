import { endpoints, fillPath, type Endpoint } from '@health-connect/contract';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectRefusal } from '../testing/answers.ts';
import { TestNews } from '../testing/test-news.ts';
import { TestServer } from '../testing/test-server.ts';
import { isNamedAsReading, TRAIL_OF_VIEWS, type AuditedView, type TrailRow } from './trail-of-views.ts';

const DAY_MINUTES = 24 * 60;

let server: TestServer;
let ids: Readonly<Record<string, string>>;
/** Two sessions of each: what a session has seen lately is not always written again. */
let cookies: Readonly<Record<AuditedView['as'], readonly [string, string]>>;

const areas: readonly Readonly<Record<string, Endpoint>>[] = Object.values(endpoints);
const declared = areas.flatMap((area) => Object.values(area));
const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`;
const isView = (row: TrailRow): row is AuditedView => typeof row === 'object';
const views = declared.flatMap((endpoint) => {
  const row = TRAIL_OF_VIEWS[nameOf(endpoint)];
  return row !== undefined && isView(row) ? [{ name: nameOf(endpoint), endpoint, row }] : [];
});

beforeAll(async () => {
  server = await TestServer.start();
  const doctor = await server.person('doctor', 'Dr Seer');
  const patient = await server.person('patient', 'Pia Seen');
  const administrator = await server.person('administrator', 'Ada Admin');
  const appointmentId = await server.appointment(doctor, patient, 0);
  const over = { status: 'completed', outcome: 'met', closedAt: new Date(server.clock.now()) } as const;
  await server.appointment(doctor, patient, -120, over);
  const toCome = await server.appointment(doctor, patient, 3 * DAY_MINUTES);
  await (await TestNews.of(server)).tell(toCome, 'confirm', 'patient');
  const twice = async (person: typeof doctor): Promise<[string, string]> => [
    await server.signIn(person),
    await server.signIn(person),
  ];
  cookies = { doctor: await twice(doctor), patient: await twice(patient), administrator: await twice(administrator) };
  const avatarId = await pictureOf(cookies.patient[0]);
  ids = { appointmentId, patientId: patient.id, doctorId: doctor.id, accountId: patient.id, avatarId };
});
afterAll(() => server.close());

async function pictureOf(cookie: string): Promise<string> {
  const picture = sharp({ create: { width: 64, height: 64, channels: 3, background: '#0a7' } }).png();
  const response = await fetch(`${server.url}/api/profile/avatar`, {
    method: 'PUT',
    headers: { 'content-type': 'image/png', cookie },
    body: new Uint8Array(await picture.toBuffer()),
  });
  return z.object({ avatarId: z.string() }).parse(await response.json()).avatarId;
}

function look({ method, path }: Endpoint, { as, body, query }: AuditedView, session: 0 | 1): Promise<Response> {
  const asked = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
  return server.call(method, fillPath(path, ids) + asked, { cookie: cookies[as][session], body });
}

describe('the trail of views (P2)', () => {
  it('has a row for every route that reads, and for no other', () => {
    const known = declared.map(nameOf);
    const reading = known.filter(isNamedAsReading);
    for (const name of ['search', 'preview', 'show']) {
      expect(reading).toContainEqual(expect.stringMatching(new RegExp(`^POST .*/${name}$`)));
    }
    expect(reading.filter((name) => TRAIL_OF_VIEWS[name] === undefined)).toEqual([]);
    const mounted = [...known, ...server.application.routes];
    expect(Object.keys(TRAIL_OF_VIEWS).filter((name) => !mounted.includes(name))).toEqual([]);
    expect(Object.keys(TRAIL_OF_VIEWS).filter((name) => !isNamedAsReading(name))).toEqual([]);
  });

  it.each(views)('$name leaves an entry', async ({ endpoint, row }) => {
    const response = await look(endpoint, row, 0);
    expect(response.status).toBe(200);
    const requestId = response.headers.get('x-request-id');
    const left = await server.database.connection.collection('audit_entries').find({ requestId }).toArray();
    expect([...new Set(left.map(({ action, resource }) => `${action}:${resource}`))]).toEqual([row.leaves]);
    expect(left.every(({ outcome, role }) => outcome === 'ok' && role === row.as)).toBe(true);
    if (row.as !== 'doctor') return;
    const named = row.ofNobody === true ? [] : [ids['patientId']];
    expect(left.flatMap(({ patientId }) => (typeof patientId === 'string' ? [patientId] : []))).toEqual(named);
  });
});

describe('while no entry can be written', () => {
  const refuseEntries = (validator: object) =>
    server.database.connection.db?.command({ collMod: 'audit_entries', validator });
  afterEach(() => refuseEntries({}));

  it.each(views)('$name shows nothing', async ({ endpoint, row }) => {
    await refuseEntries({ impossible: { $exists: true } });
    await expectRefusal(await look(endpoint, row, 1), 500, 'internal');
  });
});
