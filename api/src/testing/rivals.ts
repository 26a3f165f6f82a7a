import type { ScheduledSlot } from '../availability/slots.ts';
import type { BookingDesk } from './booking-desk.ts';
import type { Person, TestServer } from './test-server.ts';

/** How often each status was answered. */
export function countOf(answers: readonly Response[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Patients who want the same time, for tests of what happens then. */
export class Rivals {
  readonly #desk: BookingDesk;
  readonly #cookies: readonly string[];

  private constructor(desk: BookingDesk, cookies: readonly string[]) {
    this.#desk = desk;
    this.#cookies = cookies;
  }

  static async create(server: TestServer, desk: BookingDesk, people: number): Promise<Rivals> {
    const cookies = await Promise.all(
      Array.from({ length: people }, async () => server.signIn(await server.person('patient', 'Rival'))),
    );
    return new Rivals(desk, cookies);
  }

  /** So many requests at once, for one of the slots each, in turns; no two of the same person share a key. */
  async book(requests: number, doctor: Person, slots: readonly ScheduledSlot[]): Promise<Response[]> {
    return Promise.all(
      Array.from({ length: requests }, (_item, index) => {
        const cookie = this.#cookies[index % this.#cookies.length] ?? '';
        const slot = slots[index % slots.length];
        if (slot === undefined) throw new RangeError('There is no slot to book');
        return this.#desk.book(cookie, doctor, slot);
      }),
    );
  }
}
