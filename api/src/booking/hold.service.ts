import {
  HOLD_EXTENSION_MINUTES,
  HOLD_EXTENSIONS,
  HOLD_MINUTES,
  ProductError,
  type Hold,
} from '@health-connect/contract';
import type { Actor } from '../accounts/actor.ts';
import type { AvailabilityService } from '../availability/availability.service.ts';
import type { SlotNews } from '../availability/slot-news.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/database.ts';
import { TimeTaken, type ClaimRepository } from './claim.repository.ts';
import { claimsOf, type HoldRecord, type HoldRepository } from './hold.repository.ts';
import type { TakenOffers } from './taken-offers.ts';

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly holds: HoldRepository;
  readonly claims: ClaimRepository;
  readonly availability: AvailabilityService;
  readonly offers: TakenOffers;
  readonly slotNews: SlotNews;
  readonly clock: Clock;
}

const MINUTE_MS = 60_000;
/** So many at a time; the rest is next round's. */
const BATCH = 200;

/** Keeps a chosen slot for a patient who fills in the form (R41). It takes up the doctor's time only. */
export class HoldService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): HoldService {
    return new HoldService(parts);
  }

  /** The slot that is kept for the person, if there is one and its time is not over. */
  async own(actor: Actor): Promise<Hold | null> {
    const hold = await this.#living(actor.accountId);
    return hold === undefined ? null : toView(hold);
  }

  /**
   * Keeps a slot; one that was kept before is given back. Choosing the same one again starts its time anew, at the price
   * of the extensions that come to the same: nobody keeps a time from others for longer than these allow.
   * @throws ProductError `not_found`, `slot_unknown`, `slot_too_soon`, `slot_too_far`; `slot_unavailable` and
   * `patient_busy` with the nearest free times
   */
  async take(actor: Actor, doctorId: string, startsAt: Date): Promise<Hold> {
    const { database, availability, claims, clock, offers, slotNews, holds } = this.#parts;
    const patientId = actor.accountId;
    const { slot } = await availability.slotAt(doctorId, { startsAt });
    const meeting = { doctorId, patientId, startsAt: slot.startsAt };
    const now = new Date(clock.now());
    const own = await claims.takenOf(patientId, slot.startsAt, slot.endsAt, now);
    if (own.length > 0) throw await offers.refusal(meeting, patientId, 'patient');
    const before = await holds.ofPatient(patientId);
    try {
      const hold = await database.transaction((transaction) =>
        this.#exchange(patientId, { doctorId, ...slot }, now, transaction),
      );
      if (before !== undefined) slotNews.changed(before.doctorId, before.startsAt, before.endsAt);
      slotNews.changed(doctorId, slot.startsAt, slot.endsAt);
      return toView(hold);
    } catch (error) {
      throw error instanceof TimeTaken ? await offers.refusal(meeting, error.subjectId, 'patient') : error;
    }
  }

  /** @throws ProductError `hold_ended` when its time is over, `limit_exceeded` when it was kept longer often enough */
  async extend(actor: Actor, holdId: string): Promise<Hold> {
    const { database, holds, claims, clock } = this.#parts;
    const hold = await this.#living(actor.accountId);
    if (hold?.id !== holdId) throw new ProductError('hold_ended');
    if (hold.extensionsLeft === 0) throw new ProductError('limit_exceeded');
    const now = new Date(clock.now());
    const expiresAt = new Date(hold.expiresAt.getTime() + HOLD_EXTENSION_MINUTES * MINUTE_MS);
    const kept = await database.transaction(async (transaction) => {
      if ((await claims.prolong(claimsOf(hold), expiresAt, now, transaction)) === 0) return false;
      await holds.prolong(actor.accountId, expiresAt, transaction);
      return true;
    });
    if (!kept) throw new ProductError('hold_ended');
    return toView({ ...hold, expiresAt, extensionsLeft: hold.extensionsLeft - 1 });
  }

  /** Gives the slot back at once; what is not kept any more is no mistake. */
  async release(actor: Actor, holdId: string): Promise<void> {
    const { database, holds, claims, slotNews } = this.#parts;
    const hold = await holds.ofPatient(actor.accountId);
    if (hold?.id !== holdId) return;
    await database.transaction(async (transaction) => {
      await claims.release(claimsOf(hold), transaction);
      await holds.remove(actor.accountId, transaction);
    });
    slotNews.changed(hold.doctorId, hold.startsAt, hold.endsAt);
  }

  /**
   * Gives back slots whose time is over and tells open pages. Others can have them before: this is for those who only
   * look. Safe to run in several processes at once.
   */
  async giveBackEnded(): Promise<void> {
    const { database, holds, claims, clock, slotNews } = this.#parts;
    const now = new Date(clock.now());
    for (const { id, patientId, doctorId, startsAt, endsAt } of await holds.ended(now, BATCH)) {
      const wasThere = await database.transaction(async (transaction) => {
        const current = await holds.ofPatient(patientId, transaction);
        if (current?.id !== id || current.expiresAt > now) return false;
        await claims.release(claimsOf(current), transaction);
        await holds.remove(patientId, transaction);
        return true;
      });
      if (wasThere) slotNews.changed(doctorId, startsAt, endsAt);
    }
  }

  async #living(patientId: string): Promise<HoldRecord | undefined> {
    const hold = await this.#parts.holds.ofPatient(patientId);
    return hold !== undefined && hold.expiresAt.getTime() > this.#parts.clock.now() ? hold : undefined;
  }

  async #exchange(
    patientId: string,
    slot: { readonly doctorId: string; readonly startsAt: Date; readonly endsAt: Date },
    now: Date,
    transaction: Transaction,
  ): Promise<HoldRecord> {
    const { holds, claims } = this.#parts;
    const { doctorId, startsAt, endsAt } = slot;
    const before = await holds.ofPatient(patientId, transaction);
    if (before !== undefined) await claims.release(claimsOf(before), transaction);
    const isSame = before?.doctorId === doctorId && before.startsAt.getTime() === startsAt.getTime();
    const { expiresAt, extensionsLeft } = isSame && before.expiresAt > now ? renewed(before, now) : fresh(now);
    const facts = { doctorId, startsAt, endsAt, expiresAt, extensionsLeft };
    const hold = await holds.put(patientId, facts, transaction);
    const order = { owner: 'hold', ownerId: hold.id, patientId, from: startsAt, to: endsAt, expiresAt } as const;
    await claims.claim(doctorId, order, now, transaction);
    return hold;
  }
}

type Span = Pick<HoldRecord, 'expiresAt' | 'extensionsLeft'>;

const fresh = (now: Date): Span => ({
  expiresAt: new Date(now.getTime() + HOLD_MINUTES * MINUTE_MS),
  extensionsLeft: HOLD_EXTENSIONS,
});

/** Up to the full time again, as far as the extensions that are left reach. */
function renewed(before: Span, now: Date): Span {
  const extensionMs = HOLD_EXTENSION_MINUTES * MINUTE_MS;
  const [endMs, wantedMs] = [before.expiresAt.getTime(), fresh(now).expiresAt.getTime()];
  const used = Math.min(before.extensionsLeft, Math.max(0, Math.ceil((wantedMs - endMs) / extensionMs)));
  const reachedMs = Math.max(endMs, Math.min(wantedMs, endMs + used * extensionMs));
  return { expiresAt: new Date(reachedMs), extensionsLeft: before.extensionsLeft - used };
}

function toView({ id, doctorId, startsAt, endsAt, expiresAt, extensionsLeft }: HoldRecord): Hold {
  return {
    id,
    doctorId,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    extensionsLeft,
  };
}
