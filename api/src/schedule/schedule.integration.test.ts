import {
  doctorEndpoints,
  MOST_AFFECTED,
  MOST_WORKING_TIMES,
  profileEndpoints,
  scheduleEffectSchema,
  scheduleSchema,
  type Schedule,
} from '@health-connect/contract';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { toStoredId } from '../database/ids.ts';
import { expectRefusal } from '../testing/answers.ts';
import { everyDay } from '../testing/booking-desk.ts';
import { Rivals, countOf } from '../testing/rivals.ts';
import { it as visitTest } from '../testing/visit-test.ts';

const MINUTE_MS = 60_000;
const versionedSchema = z.strictObject({ schedule: scheduleSchema, version: z.number(), unclearZone: z.null() });

const it = visitTest.extend('hours', ({ server, cookies }) => ({
  own: async () => {
    const response = await server.call('GET', '/api/schedule', { cookie: cookies.doctor });
    expect(response.status).toBe(200);
    return versionedSchema.parse(await response.json());
  },
  preview: async (schedule: Schedule) => {
    const given = { cookie: cookies.doctor, body: { schedule } };
    const response = await server.call('POST', '/api/schedule/preview', given);
    expect(response.status).toBe(200);
    return scheduleEffectSchema.parse(await response.json());
  },
  save: (schedule: Schedule, version: number, keep: readonly string[] = []) =>
    server.call('PUT', '/api/schedule', { cookie: cookies.doctor, body: { schedule, version, keep } }),
}));

describe("a doctor's schedule (R20)", () => {
  it('is saved whole, and read as it was saved', async ({ hours }) => {
    const { version } = await hours.own();
    const wanted: Schedule = {
      timeZone: 'America/New_York',
      workingTimes: [{ weekday: 1, start: '09:00', end: '12:30', slotMinutes: 20, breakMinutes: 5, modes: ['video'] }],
      exceptions: [
        { kind: 'vacation', from: '2030-08-01', to: '2030-08-14', hours: null, note: 'Summer' },
        {
          kind: 'extra',
          date: '2030-05-04',
          start: '10:00',
          end: '11:00',
          slotMinutes: 30,
          breakMinutes: 0,
          modes: ['chat'],
          note: '',
        },
      ],
      minimumNoticeMinutes: 120,
      furthestDays: 30,
      confirmation: 'automatic',
    };
    const saved = await hours.save(wanted, version);
    expect(saved.status).toBe(200);
    expect(versionedSchema.parse(await saved.json())).toMatchObject({ schedule: wanted, version: version + 1 });
    expect(await hours.own()).toMatchObject({ schedule: wanted, version: version + 1 });
  });

  it('of two windows, the one that saves later is told, and loses nothing of the other', async ({ hours }) => {
    const { schedule, version } = await hours.own();
    expect((await hours.save({ ...schedule, furthestDays: 10 }, version)).status).toBe(200);
    await expectRefusal(await hours.save({ ...schedule, furthestDays: 20 }, version), 409, 'version_conflict');
    expect((await hours.own()).schedule.furthestDays).toBe(10);
  });

  it('names booked appointments that it leaves without a slot first, and never moves them', async ({ all, hours }) => {
    const { server, desk, doctor, patient, cookies } = all;
    const slot = desk.slot(5);
    const appointment = await desk.booked(cookies.patient, doctor, slot);
    const { schedule, version } = await hours.own();
    const nothing = { ...schedule, workingTimes: [] };
    const effect = await hours.preview(nothing);
    expect(effect).toMatchObject({
      addedSlots: 0,
      affected: [{ id: appointment.id, startsAt: appointment.startsAt, patientName: patient.name }],
    });
    expect(effect.removedSlots).toBeGreaterThan(1000);
    expect((await hours.own()).version).toBe(version);
    await expectRefusal(await hours.save(nothing, version), 409, 'schedule_affects_bookings');
    expect(await hours.own()).toMatchObject({ schedule, version });
    expect((await hours.save(nothing, version, [appointment.id])).status).toBe(200);
    const kept = await server.call('GET', `/api/appointments/${appointment.id}`, { cookie: cookies.patient });
    expect(await kept.json()).toMatchObject({
      appointment: { startsAt: slot.startsAt.toISOString(), status: 'pending' },
    });
    await expectRefusal(await desk.book(cookies.patient, doctor, desk.slot(6)), 409, 'slot_unknown');
  });

  it('of a doctor who moves to another time zone keeps what is booked at its instant, and names it', async ({
    all,
    hours,
  }) => {
    const { server, desk, doctor, cookies } = all;
    const { schedule, version } = await hours.own();
    const mornings = { ...schedule, workingTimes: everyDay({ start: '09:00', end: '12:00' }) };
    expect((await hours.save(mornings, version)).status).toBe(200);
    const slot = desk.slot(5, 0);
    // The first morning slot on or after that day.
    const from = slot.date;
    const week = await server.call('GET', `/api/doctors/${doctor.id}/slots?from=${from}&timeZone=Europe/Berlin`);
    const { days } = doctorEndpoints.slots.response.parse(await week.json());
    const free = days.flatMap(({ slots }) => slots).find(({ state }) => state === 'free');
    if (free === undefined) throw new Error('Nothing is free');
    const times = { startsAt: new Date(free.startsAt), endsAt: new Date(free.endsAt) };
    const booked = await desk.booked(cookies.patient, doctor, { ...free, ...times });
    const moved: Schedule = { ...mornings, timeZone: 'America/New_York' };
    expect(await hours.preview(moved)).toMatchObject({ affected: [{ id: booked.id, startsAt: booked.startsAt }] });
    expect((await hours.save(moved, version + 1, [booked.id])).status).toBe(200);
    const kept = await server.call('GET', `/api/appointments/${booked.id}`, { cookie: cookies.patient });
    expect(await kept.json()).toMatchObject({
      appointment: { startsAt: booked.startsAt, timeZone: 'Europe/Berlin', startTime: free.startTime },
    });
    // Nine o'clock is nine o'clock in New York from now on.
    const later = await server.call('GET', `/api/doctors/${doctor.id}/slots?from=${from}&timeZone=America/New_York`);
    const inNewYork = doctorEndpoints.slots.response.parse(await later.json()).days[1]?.slots;
    expect(inNewYork?.[0]).toMatchObject({ startTime: '09:00', slotNumber: 1 });
  });

  it('counts who is booked in a way of meeting that is dropped as outside of it', async ({ all, hours }) => {
    const { desk, doctor, cookies } = all;
    const [video, chat] = [desk.slot(3, 1), desk.slot(3, 2)];
    const seen = await desk.booked(cookies.patient, doctor, video);
    await desk.booked(cookies.patient, doctor, chat, { mode: 'chat' });
    const { schedule, version } = await hours.own();
    const chatOnly = {
      ...schedule,
      workingTimes: schedule.workingTimes.map((time) => ({ ...time, modes: ['chat' as const] })),
    };
    const effect = await hours.preview(chatOnly);
    expect(effect).toMatchObject({ addedSlots: 0, removedSlots: 0 });
    expect(effect.affected.map(({ id }) => id)).toEqual([seen.id]);
    await expectRefusal(await hours.save(chatOnly, version), 409, 'schedule_affects_bookings');
    expect((await hours.save(chatOnly, version, [seen.id])).status).toBe(200);
    expect((await hours.preview(chatOnly)).affected).toEqual([]);
  });

  it('leaves out what was booked before and is no matter of this change', async ({ all, hours }) => {
    const { desk, doctor, cookies } = all;
    const { id } = await desk.booked(cookies.patient, doctor, desk.slot(5));
    const { schedule, version } = await hours.own();
    const same = await hours.preview({ ...schedule, workingTimes: everyDay({ start: '00:00', end: '24:00' }) });
    expect(same).toMatchObject({ addedSlots: 0, removedSlots: 0, affected: [] });
    const nothing = { ...schedule, workingTimes: [] };
    expect((await hours.save(nothing, version, [id])).status).toBe(200);
    // It has been kept outside of the hours: the next change has nothing to do with it.
    expect(await hours.preview({ ...nothing, furthestDays: 10 })).toMatchObject({ affected: [] });
  });

  it('tells which ranges overlap', async ({ hours }) => {
    const { schedule } = await hours.own();
    const range = { slotMinutes: 20, breakMinutes: 0, modes: ['video' as const] };
    const { overlaps } = await hours.preview({
      ...schedule,
      workingTimes: [
        { weekday: 2, start: '09:00', end: '12:00', ...range },
        { weekday: 2, start: '11:00', end: '13:00', ...range },
        { weekday: 3, start: '09:00', end: '12:00', ...range },
        { weekday: 3, start: '12:00', end: '13:00', ...range },
      ],
      // A Wednesday.
      exceptions: [
        { kind: 'extra', date: '2030-05-08', start: '12:30', end: '14:00', note: '', ...range },
        // The Wednesday after it, on which the doctor is away: there are no slots that could be left out.
        { kind: 'extra', date: '2030-05-15', start: '12:30', end: '14:00', note: '', ...range },
        { kind: 'vacation', from: '2030-05-13', to: '2030-05-17', hours: null, note: '' },
      ],
    });
    expect(overlaps).toEqual([
      { weekday: 2, date: null },
      { weekday: null, date: '2030-05-08' },
    ]);
  });

  it('is not changed while more is booked outside of it than can be listed', async ({ all, hours }) => {
    const { server, doctor, patient } = all;
    const minutes = Math.ceil(server.clock.now() / MINUTE_MS / 20) * 20;
    const booked = Array.from({ length: MOST_AFFECTED + 1 }, (_item, index) => {
      const startsAt = new Date((minutes + (index + 9) * 20) * MINUTE_MS);
      const endsAt = new Date(startsAt.getTime() + 20 * MINUTE_MS);
      const [doctorId, patientId] = [toStoredId(doctor.id), toStoredId(patient.id)];
      const nothing = { colleagueIds: [], replacesId: null, movedToId: null };
      return { ...nothing, doctorId, patientId, status: 'scheduled', mode: 'video', startsAt, endsAt, version: 0 };
    });
    const appointments = server.database.connection.collection('appointments');
    await appointments.insertMany(booked);
    const { schedule, version } = await hours.own();
    const nothing = { ...schedule, workingTimes: [] };
    const { affected, affectedTotal } = await hours.preview(nothing);
    expect([affected.length, affectedTotal]).toEqual([MOST_AFFECTED, MOST_AFFECTED + 1]);
    const ids = affected.map(({ id }) => id);
    const refused = await hours.save(nothing, version, ids);
    expect(await refused.clone().text()).toContain(`${MOST_AFFECTED + 1} booked appointments`);
    await expectRefusal(refused, 409, 'schedule_affects_bookings');
    expect(await hours.own()).toMatchObject({ schedule, version });
    await appointments.deleteOne({ startsAt: booked.at(-1)?.startsAt });
    expect((await hours.save(nothing, version, ids)).status).toBe(200);
  });

  it('may have as many ranges as the own profile shows', async ({ server, cookies, hours }) => {
    const { schedule, version } = await hours.own();
    const ranges = Array.from({ length: MOST_WORKING_TIMES }, (_item, index) => {
      const hour = String(Math.floor(index / 7) * 2).padStart(2, '0');
      return { ...everyDay({ start: `${hour}:00`, end: `${hour}:40` })[index % 7] };
    });
    const workingTimes = scheduleSchema.shape.workingTimes.parse(ranges);
    expect((await hours.save({ ...schedule, workingTimes }, version)).status).toBe(200);
    const profile = await server.call('GET', '/api/profile', { cookie: cookies.doctor });
    expect(profile.status).toBe(200);
    expect(profileEndpoints.own.response.parse(await profile.json()).profile).toMatchObject({ schedule: workingTimes });
  });

  it('asks for no more slots than fit into a day, and is looked at so often at most', async ({ all, hours }) => {
    const { server, cookies } = all;
    const { schedule, version } = await hours.own();
    const fine = everyDay({ slotMinutes: 5 });
    const twice = { ...schedule, workingTimes: [...fine, ...fine] };
    await expectRefusal(await hours.save(twice, version), 400, 'validation_failed');
    const look = (wanted: Schedule) =>
      server.call('POST', '/api/schedule/preview', { cookie: cookies.doctor, body: { schedule: wanted } });
    await expectRefusal(await look(twice), 400, 'validation_failed');
    const nothing = { ...schedule, workingTimes: [] };
    for (let time = 0; time < 60; time += 1) expect((await look(nothing)).status).toBe(200);
    await look(nothing);
    await expectRefusal(await look(nothing), 429, 'rate_limited');
  });

  it('is for doctors, also while they wait for approval', async ({ server, cookies }) => {
    await expectRefusal(await server.call('GET', '/api/schedule', { cookie: cookies.patient }), 403, 'forbidden');
    await expectRefusal(await server.call('GET', '/api/schedule'), 401, 'unauthenticated');
  });

  it('and bookings never pass each other: what is booked is inside of it, or was named', async ({ server, desk }) => {
    const rivals = await Rivals.create(server, desk, 8);
    for (let round = 0; round < 6; round += 1) {
      const quick = await desk.doctor('Quick');
      const quickCookie = await server.signIn(quick);
      const mine = await server.call('GET', '/api/schedule', { cookie: quickCookie });
      const { schedule, version } = versionedSchema.parse(await mine.json());
      const slots = Array.from({ length: 8 }, (_item, index) => desk.slot(4, index));
      const [saved, answers] = await Promise.all([
        server.call('PUT', '/api/schedule', {
          cookie: quickCookie,
          body: { schedule: { ...schedule, workingTimes: [] }, version, keep: [] },
        }),
        rivals.book(8, quick, slots),
      ]);
      const booked = countOf(answers)[201] ?? 0;
      expect([200, 409]).toContain(saved.status);
      // Saved without naming any: so there must be none.
      if (saved.status === 200) expect(booked).toBe(0);
    }
  });
});
