import { expect } from 'vitest';
import type { ScheduledSlot } from '../availability/slots.ts';
import { findBreaches } from '../booking/integrity.ts';
import { IntegrityRepository } from '../booking/integrity.repository.ts';
import { BookingDesk, everyDay } from './booking-desk.ts';
import { countOf, Rivals } from './rivals.ts';
import type { Person, TestServer } from './test-server.ts';

const REQUESTS = 1000;
const PEOPLE = 50;
const ONE_WINNER = { 201: 1, 409: REQUESTS - 1 };
const MINUTE_MS = 60_000;
/** Every other slot of two days. */
const ROUNDS_IN_TWO_DAYS = 50;

/** B1: a thousand at once, round after round; each round has exactly one winner, and nobody gets any other answer. */
export class DoubleBooking {
  readonly #server: TestServer;
  readonly #desk: BookingDesk;
  readonly #rivals: Rivals;
  readonly #doctor: Person;

  private constructor(server: TestServer, desk: BookingDesk, rivals: Rivals, doctor: Person) {
    this.#server = server;
    this.#desk = desk;
    this.#rivals = rivals;
    this.#doctor = doctor;
  }

  static async create(server: TestServer): Promise<DoubleBooking> {
    const desk = BookingDesk.create(server);
    const rivals = await Rivals.create(server, desk, PEOPLE);
    return new DoubleBooking(server, desk, rivals, await desk.doctor('Wanted'));
  }

  /** All want the same slot. */
  async oneSlot(round: number): Promise<void> {
    const answers = await this.#rivals.book(REQUESTS, this.#doctor, [this.#desk.slot(3, round)]);
    expect(countOf(answers)).toEqual(ONE_WINNER);
    await this.#expectWhole();
  }

  /**
   * Half of them want a slot, and half one that overlaps with it by half: the doctor's hours change by ten minutes
   * while they book, to and fro.
   */
  async overlappingRanges(round: number): Promise<void> {
    const slot = this.#desk.slot(20 + 2 * Math.floor(round / ROUNDS_IN_TWO_DAYS), (round % ROUNDS_IN_TWO_DAYS) * 2);
    const shifted: ScheduledSlot = later(slot, 10 * MINUTE_MS);
    const doctor = await this.#desk.doctor('Shifting');
    const booked = new AbortController();
    const changes = (async () => {
      for (let turn = 0; !booked.signal.aborted; turn += 1) {
        await this.#desk.schedule(doctor, turn % 2 === 0 ? everyDay({ start: '00:10' }) : everyDay());
      }
    })();
    const answers = await this.#rivals.book(REQUESTS, doctor, [slot, shifted]);
    booked.abort();
    await changes;
    const counts = countOf(answers);
    expect(Object.keys(counts).sort()).toEqual(['201', '409']);
    expect(counts[201]).toBe(1);
    await this.#expectWhole();
  }

  async #expectWhole(): Promise<void> {
    expect(await findBreaches(IntegrityRepository.create(this.#server.database.connection))).toEqual([]);
  }
}

function later(slot: ScheduledSlot, byMs: number): ScheduledSlot {
  const [startsAt, endsAt] = [slot.startsAt, slot.endsAt].map((instant) => new Date(instant.getTime() + byMs));
  if (startsAt === undefined || endsAt === undefined) throw new RangeError('A slot has two ends');
  const wall = (instant: Date): string =>
    instant.toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit' });
  const date = startsAt.toLocaleDateString('en-CA', { timeZone: 'Europe/Berlin' });
  return { ...slot, startsAt, endsAt, date, startTime: wall(startsAt), endTime: wall(endsAt) };
}
