import { ProductError, type OfferedSlot, type Slot } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { appointmentOf } from '../appointments/testing/appointment.ts';
import { ownFirst } from './booking-flow.svelte.ts';
import { newVisit } from './flows.ts';

const doctorId = 'd'.repeat(24);
const startsAt = '2030-05-06T10:00:00.000Z';
const slot: Slot = {
  slotNumber: 4,
  startsAt,
  endsAt: '2030-05-06T10:20:00.000Z',
  date: '2030-05-06',
  startTime: '12:00',
  endTime: '12:20',
  modes: ['video', 'chat'],
  state: 'free',
};
const offer = (id: string): OfferedSlot => ({ doctorId: id, doctorName: 'Dr Lima', timeZone: 'Europe/Berlin', slot });
const appointment = appointmentOf(startsAt, {
  id: 'a'.repeat(24),
  doctor: { id: doctorId, name: 'Dr Lima', avatarId: null, specialization: 'Skin' },
  patient: { id: 'e'.repeat(24), name: 'Ana Souza', avatarId: null },
});
const hold = { id: 'b'.repeat(24), doctorId, startsAt, endsAt: slot.endsAt, expiresAt: startsAt, extensionsLeft: 10 };

/** A server that answers in order; `undefined` is no answer at all. */
function setUp(answers: (object | ProductError | undefined)[]) {
  const sent: { path: string; body: Record<string, unknown> }[] = [];
  let keys = 0;
  const call = createApiClient({
    refreshSession: () => Promise.resolve(false),
    onSignInEnded: () => Promise.resolve(false),
    fetch: (input, init = {}) => {
      sent.push({ path: input as string, body: JSON.parse((init.body as string | undefined) ?? '{}') as never });
      const answer = answers.shift();
      if (answer === undefined) return Promise.reject(new TypeError('Failed to fetch'));
      const [status, body] =
        answer instanceof ProductError ? [answer.status, { error: answer.toFailure('r') }] : [201, answer];
      return Promise.resolve(new Response(JSON.stringify(body), { status }));
    },
  });
  const flow = newVisit(call, doctorId, () => `00000000-0000-4000-8000-00000000000${(keys += 1)}`);
  return { flow, sent };
}

describe('booking', () => {
  it('keeps the chosen time and books it in the wall time of the doctor', async () => {
    const { flow, sent } = setUp([{ hold }, { appointment }]);
    await flow.choose(startsAt, true);
    expect(flow.isKept).toBe(true);
    expect(await flow.book(slot, { mode: 'chat', words: 'A rash' })).toEqual(appointment);
    expect(sent[1]?.body).toEqual({
      doctorId,
      date: '2030-05-06',
      startTime: '12:00',
      endTime: '12:20',
      startsAt,
      mode: 'chat',
      reason: 'A rash',
      idempotencyKey: '00000000-0000-4000-8000-000000000001',
    });
    flow.clear();
    expect(sent).toHaveLength(2);
  });

  it('keeps nothing for visitors', async () => {
    const { flow, sent } = setUp([]);
    await flow.choose(startsAt, false);
    expect([flow.chosen, flow.isKept, sent.length]).toEqual([startsAt, false, 0]);
  });

  it('sends the same wish under the same key after a lost answer, and another time under another', async () => {
    const { flow, sent } = setUp([undefined, undefined, { appointment }, { appointment }]);
    await expect(flow.book(slot, { mode: 'video', words: '' })).rejects.toThrow();
    await expect(flow.book(slot, { mode: 'video', words: 'changed meanwhile' })).rejects.toThrow();
    await flow.book(slot, { mode: 'video', words: '' });
    await flow.book({ ...slot, startsAt: '2030-05-06T11:00:00.000Z' }, { mode: 'video', words: '' });
    const keys = sent.map(({ body }) => body['idempotencyKey']);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it('tells of other times when one was taken, and gives the choice up', async () => {
    const taken = new ProductError('slot_unavailable', { offers: [offer(doctorId)] });
    const { flow } = setUp([{ hold }, taken, {}]);
    await flow.choose(startsAt, true);
    expect(await flow.book(slot, { mode: 'video', words: '' })).toBeUndefined();
    expect([flow.chosen, flow.isKept]).toEqual([undefined, false]);
    expect(flow.refusal).toMatchObject({ timeIsGone: true, offers: [{ doctorId }] });
    expect(flow.refusal?.text).toContain('Someone just took this time.');
  });

  it('says so when a time cannot even be kept, and forgets it with the next choice', async () => {
    const { flow } = setUp([new ProductError('slot_too_soon'), { hold }]);
    await flow.choose(startsAt, true);
    expect([flow.chosen, flow.refusal?.offers]).toEqual([undefined, []]);
    await flow.choose(startsAt, true);
    expect([flow.refusal, flow.isKept]).toEqual([undefined, true]);
  });

  it('keeps the time when only the way of meeting was refused', async () => {
    const { flow } = setUp([{ hold }, new ProductError('mode_unavailable')]);
    await flow.choose(startsAt, true);
    await flow.book(slot, { mode: 'chat', words: '' });
    expect([flow.chosen, flow.isKept, flow.refusal?.timeIsGone]).toEqual([startsAt, true, false]);
  });

  it('gives up a time that the doctor does not offer at all', async () => {
    const { flow } = setUp([]);
    await flow.choose(startsAt, false);
    flow.loseUnknown();
    expect([flow.chosen, flow.refusal?.text]).toEqual([
      undefined,
      expect.stringContaining('cannot be booked any more'),
    ]);
  });

  it('does not make a problem of the server one of the time', async () => {
    const { flow } = setUp([new ProductError('unavailable')]);
    await expect(flow.choose(startsAt, true)).rejects.toMatchObject({ code: 'unavailable' });
    expect(flow.refusal).toBeUndefined();
  });

  it('offers times of the same doctor before those of others', () => {
    expect(ownFirst([offer('x'), offer(doctorId)], doctorId).map((each) => each.doctorId)).toEqual([doctorId, 'x']);
  });
});
