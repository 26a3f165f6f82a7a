import { ProductError, type Appointment, type OfferedSlot, type Party, type Slot } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { HoldKeeper, type AskForHold } from './hold-keeper.svelte.ts';
import { timeRefusalOf, type TimeRefusal } from './refusal.ts';

interface FlowOptions<Wish> {
  readonly call: ApiCall;
  /** Has a time kept. */
  readonly keep: AskForHold;
  /** Makes the appointment at the chosen time. */
  readonly send: (slot: Slot, wish: Wish, idempotencyKey: string) => Promise<{ readonly appointment: Appointment }>;
  /** Who chooses, and reads what is said. */
  readonly reader?: Party;
  readonly newKey?: () => string;
}

/**
 * From a chosen time to an appointment: a new one, another time of one, or a follow-up. One key stands for one wish for
 * one time: however often it is sent, after a double press or a lost answer, it becomes one appointment.
 */
export class BookingFlow<Wish> {
  readonly keeper: HoldKeeper;
  readonly #options: FlowOptions<Wish>;
  #chosen = $state.raw<string | undefined>();
  #refusal = $state.raw<TimeRefusal | undefined>();
  #key: { readonly startsAt: string; readonly value: string } | undefined;

  private constructor(options: FlowOptions<Wish>) {
    this.#options = options;
    this.keeper = HoldKeeper.create(options.call, options.keep);
  }

  static create<Wish>(options: FlowOptions<Wish>): BookingFlow<Wish> {
    return new BookingFlow(options);
  }

  /** Start of the chosen slot. */
  get chosen(): string | undefined {
    return this.#chosen;
  }

  /** Why the last time could not be had; goes with the next choice. */
  get refusal(): TimeRefusal | undefined {
    return this.#refusal;
  }

  /** Whether the chosen time is kept for the person. */
  get isKept(): boolean {
    return this.keeper.hold !== undefined && this.keeper.hold.startsAt === this.#chosen;
  }

  /**
   * Chooses a time.
   * @param keep whether it can be kept: not for visitors, whom nobody knows
   * Throws what is not about the time, such as no answer.
   */
  async choose(startsAt: string, keep: boolean): Promise<void> {
    this.#chosen = startsAt;
    this.#refusal = undefined;
    if (!keep) return;
    try {
      await this.keeper.take(startsAt);
    } catch (error) {
      if (this.#chosen === startsAt) this.#refuse(error);
    }
  }

  /** The chosen time is none of the doctor's: an old link, or hours that were changed. */
  loseUnknown(): void {
    this.#refuse(new ProductError('slot_unknown'));
  }

  /** Somebody else has the chosen time, as the doctor's days show; nobody had it kept for the person. */
  loseTaken(offers: readonly OfferedSlot[]): void {
    this.#refuse(new ProductError('slot_unavailable', { offers }));
  }

  /** Gives the choice up. What was said about the last one stays. */
  clear(): void {
    this.#chosen = undefined;
    this.keeper.release();
  }

  /**
   * Books a slot. What is refused because of the time is told by `refusal`, with nothing booked.
   * Throws what is not about the time.
   */
  async book(slot: Slot, wish: Wish): Promise<Appointment | undefined> {
    try {
      const { appointment } = await this.#options.send(slot, wish, this.#keyOf(slot.startsAt));
      this.keeper.forget();
      return appointment;
    } catch (error) {
      this.#refuse(error);
      return undefined;
    }
  }

  #keyOf(startsAt: string): string {
    const { newKey = () => crypto.randomUUID() } = this.#options;
    if (this.#key?.startsAt !== startsAt) this.#key = { startsAt, value: newKey() };
    return this.#key.value;
  }

  #refuse(error: unknown): void {
    const refusal = timeRefusalOf(error, this.#options.reader);
    if (refusal === undefined) throw error;
    this.#refusal = refusal;
    if (refusal.timeIsGone) this.clear();
  }
}

/** The slots that are offered of the doctor whose page is open come first. */
export function ownFirst(offers: readonly OfferedSlot[], doctorId: string): OfferedSlot[] {
  return [...offers].sort((one, other) => Number(other.doctorId === doctorId) - Number(one.doctorId === doctorId));
}
