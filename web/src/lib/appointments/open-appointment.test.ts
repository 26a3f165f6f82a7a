import { ProductError, type Appointment, type AppointmentEvent } from '@health-connect/contract';
import { describe, expect, it, vi } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { OpenAppointment } from './open-appointment.svelte.ts';
import { appointmentOf } from './testing/appointment.ts';

const id = 'a'.repeat(24);
const startsAt = '2030-05-06T10:00:00.000Z';
const people = {
  doctor: { id: 'd'.repeat(24), name: 'Dr Lima', avatarId: null, specialization: 'Skin' },
  patient: { id: 'e'.repeat(24), name: 'Ana Souza', avatarId: null },
};
const stored = (changes: Partial<Appointment> = {}): Appointment =>
  appointmentOf(startsAt, { id, ...people, ...changes });
const event = (change: AppointmentEvent['change']): AppointmentEvent => ({
  change,
  by: 'patient',
  at: startsAt,
  fromStartsAt: null,
  comment: '',
});

/** A server that holds one appointment and refuses what it is told to. */
function setUp(appointment: Appointment, events: AppointmentEvent[] = [], others: Appointment[] = []) {
  const state = { appointment, refuses: undefined as ProductError | undefined, denies: false, fails: false };
  const asked: string[] = [];
  const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });
  const call = createApiClient({
    refreshSession: () => Promise.resolve(false),
    onSignInEnded: () => Promise.resolve(false),
    fetch: (input, init = {}) => {
      const path = input as string;
      if (state.fails) return Promise.reject(new TypeError('Failed to fetch'));
      asked.push(`${init.method ?? ''} ${path} ${(init.body as string | undefined) ?? ''}`.trim());
      if (init.method === 'POST' && state.refuses !== undefined) {
        return Promise.resolve(json(state.refuses.status, { error: state.refuses.toFailure('r') }));
      }
      if (state.denies) {
        const denied = new ProductError('forbidden');
        return Promise.resolve(json(denied.status, { error: denied.toFailure('r') }));
      }
      if (path.endsWith('/events')) return Promise.resolve(json(200, { events }));
      if (path.endsWith('/patient'))
        return Promise.resolve(json(200, { appointments: [state.appointment, ...others] }));
      return Promise.resolve(json(200, { appointment: state.appointment }));
    },
  });
  return { open: OpenAppointment.create({ call, id, role: 'patient' }), state, asked };
}

describe('an open appointment', () => {
  it('knows when it was read, also where it cannot be read again', async () => {
    vi.useFakeTimers();
    const { open, state } = setUp(stored());
    await open.load();
    const readAt = open.loadedAt;
    vi.advanceTimersByTime(20 * 60_000);
    state.fails = true;
    await open.load();
    expect([open.problem === undefined, open.loadedAt]).toEqual([false, readAt]);
    state.fails = false;
    await open.load();
    expect(open.loadedAt.getTime() - readAt.getTime()).toBe(20 * 60_000);
    vi.useRealTimers();
  });

  it('goes out of sight of who was taken out of it', async () => {
    const { open, state } = setUp(stored());
    await open.load();
    state.denies = true;
    await open.load();
    expect([open.appointment, open.events, open.problem?.kind]).toEqual([undefined, [], 'forbidden']);
  });

  it('makes a change for the version that was seen', async () => {
    const { open, asked } = setUp(stored({ version: 3 }));
    await open.load();
    expect(await open.change({ change: 'cancel', reason: 'I am well again' })).toBe(true);
    expect(asked).toContain(`POST /api/appointments/${id}/cancel {"version":3,"reason":"I am well again"}`);
    expect(open.overtaken).toBe(false);
  });

  it('sends a ready reason as what it is', async () => {
    const { open, asked } = setUp(stored({ version: 3 }));
    await open.load();
    await open.change({ change: 'cancel', reasonKind: 'time' });
    expect(asked).toContain(`POST /api/appointments/${id}/cancel {"version":3,"reasonKind":"time"}`);
  });

  it.each(['version_conflict', 'change_not_allowed'] as const)(
    'shows how things are now when somebody was faster (%s)',
    async (code) => {
      const { open, state } = setUp(stored({ status: 'pending', awaiting: 'patient' }));
      await open.load();
      state.refuses = new ProductError(code);
      state.appointment = stored({ status: 'cancelled', version: 1 });
      expect(await open.change({ change: 'confirm', comment: '' })).toBe(false);
      expect([open.overtaken, open.appointment?.status]).toEqual([true, 'cancelled']);
    },
  );

  it('leaves a problem of the server to who asked', async () => {
    const { open, state } = setUp(stored());
    await open.load();
    state.refuses = new ProductError('unavailable');
    await expect(open.change({ change: 'cancel', reason: 'Ill' })).rejects.toMatchObject({ code: 'unavailable' });
    expect([open.overtaken, open.appointment?.status]).toEqual([false, 'scheduled']);
  });

  it('knows the open proposal to move it, and asks for none where there cannot be one', async () => {
    const proposal = stored({ id: 'b'.repeat(24), replacesId: id, status: 'pending', awaiting: 'patient' });
    const declined = stored({ id: 'c'.repeat(24), replacesId: id, status: 'cancelled' });
    const { open } = setUp(stored(), [event('request'), event('propose')], [declined, proposal]);
    await open.load();
    expect(open.proposal?.id).toBe(proposal.id);

    const { open: plain, asked } = setUp(stored(), [event('request')], [proposal]);
    await plain.load();
    expect([plain.proposal, asked.some((request) => request.includes('/patient'))]).toEqual([undefined, false]);
  });
});
