import { randomUUID } from 'node:crypto';
import type { Appointment, NotificationKind, Side } from '@health-connect/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ScheduledSlot } from '../availability/slots.ts';
import { appointmentOf, BookingDesk } from '../testing/booking-desk.ts';
import { closeWhole } from '../testing/close-whole.ts';
import { TestNews } from '../testing/test-news.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { Witness, type Witnessed } from '../testing/witness.ts';

const MINUTE_MS = 60_000;
const SIDES = ['doctor', 'patient'] as const;
const PROPOSED = /Another time was proposed/;
/** Words that must not leave the server by mail, calendar or bell. */
const SECRET = 'secret-rash-on-both-arms';

let server: TestServer;
let news: TestNews;
let desk: BookingDesk;
let people: Record<Side, Person>;
let witnesses: Record<Side, Witness>;
/** The last SEQUENCE that each side was mailed, and the UID of all. */
let known: Record<Side, number>;
let uid: string | undefined;
let unread: Record<Side, number>;

beforeAll(async () => {
  server = await TestServer.start();
  news = await TestNews.of(server);
  desk = BookingDesk.create(server);
});
afterAll(() => closeWhole(server));

async function begin(confirmation: 'manual' | 'automatic'): Promise<void> {
  // Calendars know no fractions of a second.
  server.clock.set(Math.floor(server.clock.now() / 1000) * 1000);
  people = {
    doctor: await desk.doctor('Dr Lima', { confirmation }),
    patient: await server.person('patient', 'Pia Noor'),
  };
  [known, unread, uid] = [{ doctor: -1, patient: -1 }, { doctor: 0, patient: 0 }, undefined];
  await open();
}

async function open(): Promise<void> {
  const of = (side: Side): Promise<Witness> => Witness.of(server, news, people[side]);
  witnesses = { doctor: await of('doctor'), patient: await of('patient') };
}

/** Sessions end as the clock leaps: both open their pages again. */
async function leapTo(instantMs: number): Promise<void> {
  close();
  server.clock.set(instantMs);
  await server.report(server.node.heartbeat());
  await open();
}

function close(): void {
  for (const side of SIDES) witnesses[side].close();
}

afterEach(close);

interface Expected {
  readonly by: Side | 'system';
  readonly kind: NotificationKind;
  /** The appointment that it is about. */
  readonly about: Appointment;
  /** Method and status of the entry. */
  readonly entry: 'REQUEST TENTATIVE' | 'REQUEST CONFIRMED' | 'CANCEL CANCELLED';
  /** The time at which the entry stands. */
  readonly startsAt: string;
  readonly says?: RegExp;
}

/** Both sides must have got everything of the change, exactly once. */
async function heard(expected: Expected): Promise<void> {
  for (const side of SIDES) {
    const byYou = expected.by === side;
    const witnessed = await witnesses[side].take();
    unread[side] += byYou ? 0 : 1;
    expectBell(side, witnessed, { ...expected, byYou });
    expectMail(side, witnessed, expected);
    expect(JSON.stringify([witnessed.lines, witnessed.mails])).not.toContain(SECRET);
  }
}

function expectBell(side: Side, witnessed: Witnessed, { kind, about, byYou }: Expected & { byYou: boolean }): void {
  const what = [side, kind];
  const line = { kind, byYou, appointmentId: about.id, startsAt: about.startsAt };
  expect([...what, witnessed.lines]).toMatchObject([...what, [line]]);
  expect([...what, witnessed.lines[0]?.readAt !== null]).toEqual([...what, byYou]);
  expect([...what, witnessed.unread]).toEqual([...what, unread[side]]);
  const [id] = witnessed.lines.map((stored) => stored.id);
  expect([...what, witnessed.added]).toMatchObject([
    ...what,
    [{ notification: { id, ...line }, unread: unread[side] }],
  ]);
  expect([...what, witnessed.changedIds.includes(about.id)]).toEqual([...what, true]);
}

function expectMail(side: Side, { mails, entries }: Witnessed, expected: Expected): void {
  const what = [side, expected.kind];
  expect([...what, mails.length, entries.length]).toEqual([...what, 1, 1]);
  const [entry] = entries;
  if (entry === undefined) throw new Error('There is no entry');
  const { method, status, startsAt, sequence, event } = entry;
  expect([...what, `${method} ${status}`, startsAt]).toEqual([...what, expected.entry, expected.startsAt]);
  expect(mails[0]?.calendar?.method).toBe(method);
  expect([...what, entry.uid]).toEqual([...what, uid ?? entry.uid]);
  uid = entry.uid;
  expect([...what, sequence > known[side], sequence]).toEqual([...what, true, sequence]);
  known[side] = sequence;
  expect(entry.attendees).toEqual([people[side].email]);
  if (expected.says === undefined) expect([...what, event.description]).toEqual([...what, openIt(event.description)]);
  else expect(event.description).toMatch(expected.says);
  expect(mails[0]?.text).toContain(`/appointments/${expected.about.id}`);
}

/** What the description is when it says nothing but where to open the appointment. */
const openIt = (description: string): string => /^Open it here: \S+$/.exec(description)?.[0] ?? 'Open it here';

const change = async (by: Side, { id, version }: Appointment, name: string, parts: object = {}) =>
  appointmentOf(await desk.post(witnesses[by].cookie, `/api/appointments/${id}/${name}`, { version, ...parts }));
const confirm = (by: Side, appointment: Appointment) => change(by, appointment, 'confirm', { comment: SECRET });
const cancel = (by: Side, appointment: Appointment) => change(by, appointment, 'cancel', { reason: SECRET });
const decline = (by: Side, appointment: Appointment) => change(by, appointment, 'decline', { reason: SECRET });
const read = async ({ id }: Appointment) =>
  appointmentOf(await server.call('GET', `/api/appointments/${id}`, { cookie: witnesses.patient.cookie }));
const book = (slot: ScheduledSlot) => desk.booked(witnesses.patient.cookie, people.doctor, slot, { reason: SECRET });
const timeOf = ({ date, startTime, endTime, startsAt }: ScheduledSlot) => ({
  date,
  startTime,
  endTime,
  startsAt: startsAt.toISOString(),
});
const propose = async (by: Side, appointment: Appointment, slot: ScheduledSlot) =>
  change(by, await read(appointment), 'proposals', {
    ...timeOf(slot),
    comment: SECRET,
    idempotencyKey: randomUUID(),
  });
const meet = async (room: string): Promise<void> => {
  for (const party of SIDES) {
    const { id: participantId, name } = people[party];
    const peer = { room, peerId: randomUUID(), participantId, name, party };
    await server.report({ type: 'peer.joined', ...peer });
    await server.report({ type: 'peer.left', ...peer, reason: 'left' });
  }
};

describe('both sides hear of every change, live, under the bell, by mail and in their calendars', () => {
  beforeEach(() => begin('manual'));

  it('of an appointment that is asked for, agreed to, argued about, moved twice and cancelled', async () => {
    const first = await book(desk.slot(4));
    const { startsAt } = first;
    await heard({ by: 'patient', kind: 'requested', about: first, entry: 'REQUEST TENTATIVE', startsAt });
    await confirm('doctor', first);
    const standing = { entry: 'REQUEST CONFIRMED', startsAt } as const;
    await heard({ by: 'doctor', kind: 'confirmed', about: first, ...standing });

    const later = await propose('patient', first, desk.slot(6));
    await heard({ by: 'patient', kind: 'proposed', about: later, ...standing, says: PROPOSED });
    await decline('doctor', later);
    await heard({ by: 'doctor', kind: 'proposal-declined', about: later, ...standing });

    const other = await propose('doctor', first, desk.slot(6));
    await heard({ by: 'doctor', kind: 'proposed', about: other, ...standing, says: PROPOSED });
    await cancel('doctor', other);
    await heard({ by: 'doctor', kind: 'proposal-withdrawn', about: other, ...standing });

    const soon = await propose('doctor', first, desk.slot(2));
    await heard({ by: 'doctor', kind: 'proposed', about: soon, ...standing, says: PROPOSED });
    await leapTo(Date.parse(soon.startsAt));
    await server.application.changeBySystem();
    await heard({ by: 'system', kind: 'proposal-expired', about: soon, ...standing });

    const second = await propose('patient', first, desk.slot(5));
    await heard({ by: 'patient', kind: 'proposed', about: second, ...standing, says: PROPOSED });
    await confirm('doctor', second);
    const moved = { entry: 'REQUEST CONFIRMED', startsAt: second.startsAt } as const;
    await heard({ by: 'doctor', kind: 'moved', about: second, ...moved });

    const third = await propose('doctor', second, desk.slot(7));
    await heard({ by: 'doctor', kind: 'proposed', about: third, ...moved, says: PROPOSED });
    await confirm('patient', third);
    const again = { entry: 'REQUEST CONFIRMED', startsAt: third.startsAt } as const;
    await heard({ by: 'patient', kind: 'moved', about: third, ...again });
    await cancel('patient', await read(third));
    const gone = { entry: 'CANCEL CANCELLED', startsAt: third.startsAt } as const;
    await heard({ by: 'patient', kind: 'cancelled', about: third, ...gone });
  });

  it('of a request that is declined', async () => {
    const asked = await book(desk.slot(3));
    await Promise.all(SIDES.map((side) => witnesses[side].take()));
    unread.doctor += 1;
    await decline('doctor', asked);
    const { startsAt } = asked;
    await heard({ by: 'doctor', kind: 'declined', about: asked, entry: 'CANCEL CANCELLED', startsAt });
  });

  it('of a request that nobody answers', async () => {
    const asked = await book(desk.slot(3));
    const { startsAt } = asked;
    await heard({ by: 'patient', kind: 'requested', about: asked, entry: 'REQUEST TENTATIVE', startsAt });
    await leapTo(Date.parse(startsAt));
    await server.application.changeBySystem();
    await heard({ by: 'system', kind: 'expired', about: asked, entry: 'CANCEL CANCELLED', startsAt });
  });

  it('of another time for what is still asked for: the entry goes on as it is, also when the request is agreed to', async () => {
    const asked = await book(desk.slot(3));
    const { startsAt } = asked;
    await heard({ by: 'patient', kind: 'requested', about: asked, entry: 'REQUEST TENTATIVE', startsAt });
    const other = await propose('doctor', asked, desk.slot(5));
    const tentative = { entry: 'REQUEST TENTATIVE', startsAt } as const;
    await heard({ by: 'doctor', kind: 'proposed', about: other, ...tentative, says: PROPOSED });
    await confirm('doctor', await read(asked));
    const agreed = { entry: 'REQUEST CONFIRMED', startsAt } as const;
    await heard({ by: 'doctor', kind: 'confirmed', about: asked, ...agreed, says: PROPOSED });
  });

  it('of another time that is a request of its own once nobody answered the first: with an entry of its own', async () => {
    const asked = await book(desk.slot(3));
    const { startsAt } = asked;
    await heard({ by: 'patient', kind: 'requested', about: asked, entry: 'REQUEST TENTATIVE', startsAt });
    const other = await propose('doctor', asked, desk.slot(5));
    await heard({ by: 'doctor', kind: 'proposed', about: other, entry: 'REQUEST TENTATIVE', startsAt, says: PROPOSED });
    await leapTo(Date.parse(startsAt));
    await server.application.changeBySystem();
    for (const side of SIDES) {
      const { lines, entries } = await witnesses[side].take();
      expect(lines.map(({ kind }) => kind).sort()).toEqual(['expired', 'proposed']);
      const [gone, stands] = [...entries].sort((one, next) => one.method.localeCompare(next.method));
      expect(gone).toMatchObject({ method: 'CANCEL', uid, startsAt, attendees: [people[side].email] });
      expect(gone?.sequence).toBeGreaterThan(known[side]);
      expect(stands).toMatchObject({ method: 'REQUEST', status: 'TENTATIVE', sequence: 0, startsAt: other.startsAt });
      expect(stands?.uid).not.toBe(uid);
      unread[side] += side === 'doctor' ? 1 : 2;
    }
    [known, uid] = [{ doctor: 0, patient: 0 }, undefined];
    await confirm('patient', await read(other));
    const agreed = { entry: 'REQUEST CONFIRMED', startsAt: other.startsAt } as const;
    await heard({ by: 'patient', kind: 'confirmed', about: other, ...agreed });
  });

  it('once, where a proposal ends only because its appointment does', async () => {
    const asked = await book(desk.slot(3));
    const { startsAt } = asked;
    await heard({ by: 'patient', kind: 'requested', about: asked, entry: 'REQUEST TENTATIVE', startsAt });
    const other = await propose('doctor', asked, desk.slot(5));
    await heard({ by: 'doctor', kind: 'proposed', about: other, entry: 'REQUEST TENTATIVE', startsAt, says: PROPOSED });
    await cancel('patient', await read(asked));
    await heard({ by: 'patient', kind: 'cancelled', about: asked, entry: 'CANCEL CANCELLED', startsAt });
    expect(await read(other)).toMatchObject({ status: 'cancelled', ending: { change: 'expire', by: 'system' } });
  });
});

describe('both sides hear of a visit', () => {
  beforeEach(() => begin('automatic'));

  /** An appointment that is agreed to at once, at its start. */
  async function begun(slot = desk.slot(2)): Promise<Appointment> {
    const booked = await book(slot);
    const { startsAt } = booked;
    await heard({ by: 'patient', kind: 'booked', about: booked, entry: 'REQUEST CONFIRMED', startsAt });
    await leapTo(Date.parse(startsAt));
    return booked;
  }
  const leftBehind = (visit: Appointment) => leapTo(Date.parse(visit.endsAt) + 31 * MINUTE_MS);
  const stays = ({ startsAt }: Appointment) => ({ entry: 'REQUEST CONFIRMED', startsAt }) as const;

  it('that the doctor has ended, and of the next one', async () => {
    const visit = await begun();
    await meet(visit.id);
    await Promise.all(SIDES.map((side) => witnesses[side].take()));
    await appointmentOf(await desk.post(witnesses.doctor.cookie, `/api/consultations/${visit.id}/close`, undefined));
    const took = { ...stays(visit), says: /has taken place/ };
    await heard({ by: 'doctor', kind: 'completed', about: visit, ...took });

    const { doctorId: _doctorId, ...wanted } = desk.wanted(people.doctor, desk.slot(3));
    const path = `/api/appointments/${visit.id}/follow-up`;
    const next = await appointmentOf(await desk.post(witnesses.doctor.cookie, path, wanted));
    // It is an appointment of its own.
    [known, uid] = [{ doctor: -1, patient: -1 }, undefined];
    await heard({ by: 'doctor', kind: 'booked', about: next, ...stays(next) });
  });

  it('that took place and nobody has ended', async () => {
    const visit = await begun();
    await meet(visit.id);
    await leftBehind(visit);
    await server.application.changeBySystem();
    await heard({ by: 'system', kind: 'completed', about: visit, ...stays(visit), says: /has taken place/ });
  });

  it('that the doctor says was missed', async () => {
    const visit = await begun();
    await change('doctor', visit, 'miss');
    await heard({ by: 'doctor', kind: 'missed', about: visit, ...stays(visit), says: /did not meet/ });
  });

  it('to which somebody did not come', async () => {
    const visit = await begun();
    await leftBehind(visit);
    await server.application.changeBySystem();
    await heard({ by: 'system', kind: 'missed', about: visit, ...stays(visit), says: /did not meet/ });
  });
});
