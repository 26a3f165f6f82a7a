import { HOLD_MINUTES, MAX_WATCHED_DOCTORS, SLOT_NAMESPACE } from '@health-connect/contract';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectRefusal } from '../testing/answers.ts';
import { BookingDesk } from '../testing/booking-desk.ts';
import { PUBLIC_URL, TestServer } from '../testing/test-server.ts';
import { MAX_SLOT_SOCKETS_PER_NETWORK } from './slot-gateway.ts';
import { MAX_REFUSALS, REQUEST_BURST } from './socket-limits.ts';

const MINUTE_MS = 60_000;

let server: TestServer;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await TestServer.start({ HC_JOBS: '0' });
});
afterAll(async () => {
  for (const socket of sockets) socket.close();
  await server.close();
});

async function visitor(
  origin = PUBLIC_URL,
  { url = server.url, ...headers }: Readonly<Record<string, string>> = {},
): Promise<Socket> {
  const extraHeaders = { origin, ...headers };
  const socket = io(url + SLOT_NAMESPACE, {
    transports: ['websocket'],
    extraHeaders,
    reconnection: false,
    forceNew: true,
  });
  sockets.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}
const ask = (socket: Socket, name: string, payload: unknown): Promise<unknown> =>
  socket.timeout(5000).emitWithAck(name, payload);
const next = (socket: Socket) =>
  new Promise<unknown>((resolve) => {
    socket.once('slots.changed', resolve);
  });
const doctorId = (index: number): string => index.toString(16).padStart(24, '0');

describe('the slot socket', () => {
  it('tells visitors within a second that somebody took a slot, kept it, or gave it back', async () => {
    const desk = BookingDesk.create(server);
    const doctor = await desk.doctor('Watched');
    const cookie = await server.signIn(await server.person('patient', 'Patient'));
    const slot = desk.slot(3);
    const page = await visitor();
    expect(await ask(page, 'slots.watch', { doctorId: doctor.id })).toEqual({ ok: true, data: {} });
    const change = { doctorId: doctor.id, from: slot.startsAt.toISOString(), to: slot.endsAt.toISOString() };
    const hold = { doctorId: doctor.id, startsAt: change.from };
    for (const act of [() => desk.post(cookie, '/api/holds', hold), () => desk.book(cookie, doctor, slot)]) {
      const told = next(page);
      expect((await act()).status).toBe(201);
      const answeredAt = performance.now();
      expect(await told).toEqual(change);
      expect(performance.now() - answeredAt).toBeLessThan(1000);
    }
  });

  it('tells when the time of a hold is over, and not when it was kept longer', async () => {
    const desk = BookingDesk.create(server);
    const doctor = await desk.doctor('Watched');
    const cookie = await server.signIn(await server.person('patient', 'Patient'));
    const other = await server.signIn(await server.person('patient', 'Other'));
    const [first, second] = [desk.slot(3, 1), desk.slot(3, 5)];
    const take = (by: string, { startsAt }: typeof first) => {
      const body = { doctorId: doctor.id, startsAt: startsAt.toISOString() };
      return desk.post(by, '/api/holds', body);
    };
    await take(cookie, first);
    const kept = z.object({ hold: z.object({ id: z.string() }) }).parse(await (await take(other, second)).json());
    expect((await desk.post(other, `/api/holds/${kept.hold.id}/extend`, {})).status).toBe(200);
    const page = await visitor();
    await ask(page, 'slots.watch', { doctorId: doctor.id });
    const told: unknown[] = [];
    page.on('slots.changed', (change) => told.push(change));
    server.clock.advance((HOLD_MINUTES + 1) * MINUTE_MS);
    const heard = next(page);
    await server.application.runJob('give back holds');
    await heard;
    // An answer comes after everything that was sent before it.
    await ask(page, 'slots.watch', { doctorId: doctor.id });
    expect(told).toEqual([{ doctorId: doctor.id, from: first.startsAt.toISOString(), to: first.endsAt.toISOString() }]);
    await expectRefusal(await take(cookie, second), 409, 'slot_unavailable');
    server.clock.advance(-(HOLD_MINUTES + 1) * MINUTE_MS);
  });

  it('says nothing when what was taken stays taken, and when it is over', async () => {
    const desk = BookingDesk.create(server);
    const patient = await server.person('patient', 'Patient');
    const doctor = await desk.doctor('Confirming');
    const [cookie, doctorCookie] = [await server.signIn(patient), await server.signIn(doctor)];
    const asked = await desk.booked(cookie, doctor, desk.slot(4));
    const over = await server.appointment(doctor, patient, -60);
    const page = await visitor();
    await ask(page, 'slots.watch', { doctorId: doctor.id });
    const told: unknown[] = [];
    page.on('slots.changed', (change) => told.push(change));
    const change = (id: string, name: string, body: object) =>
      desk.post(doctorCookie, `/api/appointments/${id}/${name}`, body);
    expect((await change(asked.id, 'confirm', { version: asked.version, comment: '' })).status).toBe(200);
    expect((await change(over, 'miss', { version: 0 })).status).toBe(200);
    // An answer comes after everything that was sent before it.
    await ask(page, 'slots.watch', { doctorId: doctor.id });
    expect(told).toEqual([]);
    const free = next(page);
    const calledOff = await change(asked.id, 'cancel', { version: asked.version + 1, reason: 'I am away' });
    expect(calledOff.status).toBe(200);
    expect(await free).toMatchObject({ doctorId: doctor.id, from: asked.startsAt });
  });

  it('is for pages of this product only', async () => {
    await expect(visitor('https://evil.example')).rejects.toThrow();
  });

  it('takes nothing but ids, of so many doctors', async () => {
    const page = await visitor();
    for (const payload of [undefined, null, 'x', { doctorId: { $ne: '' } }, { doctorId: 'f'.repeat(24), more: 1 }]) {
      expect(await ask(page, 'slots.watch', payload)).toMatchObject({
        ok: false,
        error: { code: 'validation_failed' },
      });
    }
    expect(await ask(page, 'slots.everything', {})).toMatchObject({ ok: false, error: { code: 'not_found' } });
    for (let index = 0; index < MAX_WATCHED_DOCTORS; index += 1) {
      expect(await ask(page, 'slots.watch', { doctorId: doctorId(index) })).toMatchObject({ ok: true });
    }
    const refused = await ask(page, 'slots.watch', { doctorId: doctorId(99) });
    expect(refused).toMatchObject({ ok: false, error: { code: 'limit_exceeded' } });
    expect(await ask(page, 'slots.unwatch', { doctorId: doctorId(1) })).toMatchObject({ ok: true });
    expect(await ask(page, 'slots.watch', { doctorId: doctorId(99) })).toMatchObject({ ok: true });
  });

  it('cuts off who floods it, also with messages that ask for no answer', async () => {
    const [page, bystander] = [await visitor(), await visitor()];
    const gone = new Promise((resolve) => page.once('disconnect', resolve));
    for (let sent = 0; sent < REQUEST_BURST + MAX_REFUSALS + 100; sent += 1) page.emit('slots.watch', {});
    await gone;
    expect(await ask(bystander, 'slots.watch', { doctorId: doctorId(1) })).toEqual({ ok: true, data: {} });
  });

  it('takes one visit of a connection at a time, however many it asks for at once', async () => {
    const engine = `${server.url}/socket.io/?EIO=4&transport=polling`;
    const opened = await (await fetch(engine)).text();
    const { sid } = z.object({ sid: z.string() }).parse(JSON.parse(opened.slice(1)));
    const asked = Array.from({ length: MAX_SLOT_SOCKETS_PER_NETWORK + 100 }, () => `40${SLOT_NAMESPACE},`);
    await fetch(`${engine}&sid=${sid}`, { method: 'POST', body: asked.join('\u001e') });
    // Others of the same network, a whole hospital perhaps, are not kept out by it.
    const bystander = await visitor();
    expect(await ask(bystander, 'slots.watch', { doctorId: doctorId(1) })).toEqual({ ok: true, data: {} });
  });

  it('counts the addresses of one IPv6 customer as one network', async () => {
    const behindProxy = await TestServer.start({ HC_TRUST_PROXY: '1' });
    const from = (address: string) => visitor(PUBLIC_URL, { url: behindProxy.url, 'x-forwarded-for': address });
    for (let index = 0; index < MAX_SLOT_SOCKETS_PER_NETWORK; index += 1) await from(`2001:db8::${index.toString(16)}`);
    await expect(from('2001:db8::ffff')).rejects.toThrow('limit_exceeded');
    // Others are not kept out by it.
    await from('2001:db8:0:1::1');
    for (const socket of sockets.splice(0)) socket.close();
    await behindProxy.close();
  });
});
