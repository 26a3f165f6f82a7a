import {
  HOLD_EXTENSION_MINUTES,
  HOLD_EXTENSIONS,
  HOLD_MINUTES,
  ProductError,
  type AppointmentMode,
  type Hold,
  type NextVisit,
  type Side,
} from '@health-connect/contract';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { AvailabilityService } from '../availability/availability.service.ts';
import type { ScheduledSlot } from '../availability/slots.ts';
import type { SlotNews } from '../availability/slot-news.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/database.ts';
import { newId } from '../database/ids.ts';
import { eachApart } from '../jobs/each-apart.ts';
import type { Logger } from '../logging/logger.ts';
import { requireCan } from '../policy/policy.ts';
import { TimeTaken, type ClaimRepository } from './claim.repository.ts';
import { returnHold } from './hold-return.ts';
import { claimsOf, keptAt, type HoldRecord, type HoldRepository } from './hold.repository.ts';
import type { KeptTimeRepository } from './kept-time.repository.ts';
import { requireAnotherTime, requireFollowable, requireMovable } from './next-visit.ts';
import { requireRoom } from './open-visits.ts';
import { sideOf } from './side.ts';
import type { TakenOffers } from './taken-offers.ts';

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly appointments: AppointmentRepository;
  readonly holds: HoldRepository;
  readonly claims: ClaimRepository;
  readonly keptTimes: KeptTimeRepository;
  readonly availability: AvailabilityService;
  readonly offers: TakenOffers;
  readonly slotNews: SlotNews;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is to be kept, for whom. */
interface Choice {
  readonly heldById: string;
  readonly by: Side;
  readonly doctorId: string;
  readonly patientId: string;
  readonly movesId: string | null;
  /** How they meet, where that is settled. */
  readonly mode: AppointmentMode | undefined;
  readonly slot: ScheduledSlot;
}

const MINUTE_MS = 60_000;
/** So many at a time; the rest is next round's. */
const BATCH = 200;

/**
 * Keeps a chosen slot for who fills in the form (R41): a patient for a new appointment, either side for another time of
 * one, a doctor for a follow-up. It takes up what the appointment would: the time of both.
 */
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
   * Keeps a slot for a new appointment; one that was kept before is given back. Choosing the same one again, at once or
   * later, starts its time anew as far as there is some left: nobody keeps a time from others for longer than extensions
   * allow (`KeptTimeRepository`).
   * @throws ProductError `not_found`, `slot_unknown`, `slot_too_soon`, `slot_too_far`, `hold_kept_enough`,
   * `too_many_open`; `slot_unavailable` and `patient_busy` with the nearest free times
   */
  async take(actor: Actor, doctorId: string, startsAt: Date): Promise<Hold> {
    const patientId = actor.accountId;
    await requireRoom(this.#parts, patientId, doctorId);
    const { holds, availability, clock } = this.#parts;
    const before = keptAt(await holds.of(patientId), doctorId, clock.now());
    const { slot } = await availability.slotAt(doctorId, { startsAt }, { keptAt: before });
    return this.#keep({
      heldById: patientId,
      by: 'patient',
      doctorId,
      patientId,
      movesId: null,
      mode: undefined,
      slot,
    });
  }

  /**
   * Keeps a slot as another time for an appointment, or for the visit after it; else as `take`.
   * @throws ProductError as `take`; `forbidden`, `change_not_allowed`, `mode_unavailable`
   */
  async takeNext(actor: Actor, appointmentId: string, next: NextVisit, startsAt: Date): Promise<Hold> {
    const { appointments, availability, holds, clock } = this.#parts;
    const record = await appointments.byId(appointmentId);
    if (record === undefined) throw new ProductError('not_found');
    const { doctorId, patientId } = record;
    const by = await this.#sideFor(actor, record, next);
    const isMove = next === 'move';
    const mode = isMove ? record.mode : undefined;
    const before = keptAt(await holds.of(actor.accountId), doctorId, clock.now());
    const options = { ...(mode === undefined ? {} : { mode }), anyNotice: by === 'doctor', keptAt: before };
    const { slot } = await availability.slotAt(doctorId, { startsAt }, options);
    if (isMove) requireAnotherTime(record, slot);
    const movesId = isMove ? record.id : null;
    return this.#keep({ heldById: actor.accountId, by, doctorId, patientId, movesId, mode, slot });
  }

  /**
   * @throws ProductError `hold_ended` when its time is over, or the appointment that it was chosen for cannot move any
   * more: then it is given back; `limit_exceeded` when it was kept longer often enough
   */
  async extend(actor: Actor, holdId: string): Promise<Hold> {
    try {
      return await this.#prolong(actor, holdId);
    } catch (error) {
      if (!(error instanceof ProductError) || error.code !== 'change_not_allowed') throw error;
      await this.release(actor, holdId);
      throw new ProductError('hold_ended');
    }
  }

  async #prolong(actor: Pick<Actor, 'accountId'>, holdId: string): Promise<Hold> {
    const { database, holds, claims, keptTimes, clock } = this.#parts;
    const now = new Date(clock.now());
    const prolonged = await database.transaction(async (transaction) => {
      const hold = await holds.of(actor.accountId, transaction);
      if (hold?.id !== holdId || hold.expiresAt <= now) throw new ProductError('hold_ended');
      if (hold.movesId !== null) await this.#requireStillMovable(actor, hold.movesId, transaction);
      const expiresAt = new Date(hold.expiresAt.getTime() + HOLD_EXTENSION_MINUTES * MINUTE_MS);
      const after = await holds.prolong(hold, expiresAt, transaction);
      if (after === undefined) throw new ProductError('limit_exceeded');
      await keptTimes.count(hold, HOLD_EXTENSION_MINUTES * MINUTE_MS, expiresAt, now, transaction);
      const cells = await claims.prolong(claimsOf(hold), expiresAt, now, transaction);
      if (cells < hold.cells) throw new ProductError('hold_ended');
      return after;
    });
    return toView(prolonged);
  }

  /** Gives the slot back at once; what is not kept any more is no mistake. */
  async release(actor: Pick<Actor, 'accountId'>, holdId: string): Promise<void> {
    const { database, holds, slotNews } = this.#parts;
    const returned = await database.transaction(async (transaction) => {
      const hold = await holds.of(actor.accountId, transaction);
      if (hold?.id !== holdId) return undefined;
      await returnHold(this.#parts, hold, transaction);
      return hold;
    });
    if (returned !== undefined) slotNews.changed(returned.doctorId, returned.startsAt, returned.endsAt);
  }

  /**
   * Gives back slots whose time is over and tells open pages. Others can have them before: this is for those who only
   * look. Safe to run in several processes at once.
   */
  async giveBackEnded(): Promise<void> {
    const { database, holds, clock, slotNews, logger } = this.#parts;
    const now = new Date(clock.now());
    await eachApart(await holds.ended(now, BATCH), logger, async ({ id, heldById, doctorId, startsAt, endsAt }) => {
      const wasThere = await database.transaction(async (transaction) => {
        const current = await holds.of(heldById, transaction);
        if (current?.id !== id || current.expiresAt > now) return false;
        await returnHold(this.#parts, current, transaction);
        return true;
      });
      if (wasThere) slotNews.changed(doctorId, startsAt, endsAt);
    });
  }

  async #living(accountId: string): Promise<HoldRecord | undefined> {
    const hold = await this.#parts.holds.of(accountId);
    return hold !== undefined && hold.expiresAt.getTime() > this.#parts.clock.now() ? hold : undefined;
  }

  /** Who chooses, if they may do what they choose for. */
  async #sideFor(actor: Actor, record: AppointmentRecord, next: NextVisit): Promise<Side> {
    if (next === 'follow-up') {
      requireCan(actor, 'appointment.follow-up', record);
      requireFollowable(this.#parts, record);
      return 'doctor';
    }
    requireCan(actor, 'appointment.change', record);
    const by = sideOf(record, actor.accountId);
    await requireMovable(this.#parts, record, by);
    return by;
  }

  /**
   * What was looked up before the transaction may have ended since. Of this transaction and one that ends the appointment
   * at the same time, one begins anew: nothing is kept for what is over.
   */
  async #requireStillMovable(
    { accountId }: Pick<Actor, 'accountId'>,
    id: string,
    transaction: Transaction,
  ): Promise<void> {
    const { appointments } = this.#parts;
    const record = await appointments.byId(id, transaction);
    if (record === undefined) throw new ProductError('not_found');
    await requireMovable(this.#parts, record, sideOf(record, accountId), transaction);
    await appointments.hold(record, transaction);
  }

  async #keep(choice: Choice): Promise<Hold> {
    const { database, clock, offers, slotNews, holds } = this.#parts;
    const { heldById, by, doctorId, patientId, mode, slot } = choice;
    const now = new Date(clock.now());
    const meeting = { doctorId, patientId, startsAt: slot.startsAt, mode };
    const before = await holds.of(heldById);
    try {
      await this.#requireFree(choice, now);
      const hold = await database.transaction((transaction) => this.#exchange(choice, now, transaction));
      if (before !== undefined) slotNews.changed(before.doctorId, before.startsAt, before.endsAt);
      slotNews.changed(doctorId, slot.startsAt, slot.endsAt);
      return toView(hold);
    } catch (error) {
      throw error instanceof TimeTaken ? await offers.refusal(meeting, error, by) : error;
    }
  }

  /** The patient's time first: who has something else then is told so, whoever has the doctor's. */
  async #requireFree({ heldById, patientId, movesId, slot }: Choice, now: Date): Promise<void> {
    const taken = await this.#parts.claims.takenOf(patientId, slot.startsAt, slot.endsAt, now);
    const others = taken.filter((time) => time.heldById !== heldById && time.ownerId !== movesId);
    if (others.length > 0) throw new TimeTaken(patientId, others);
  }

  async #exchange(choice: Choice, now: Date, transaction: Transaction): Promise<HoldRecord> {
    const { holds, claims, keptTimes } = this.#parts;
    const { heldById, doctorId, patientId, movesId, slot } = choice;
    const { startsAt, endsAt } = slot;
    if (movesId !== null) await this.#requireStillMovable({ accountId: heldById }, movesId, transaction);
    const before = await holds.of(heldById, transaction);
    if (before !== undefined) await returnHold(this.#parts, before, transaction);
    const kept = { heldById, doctorId, startsAt };
    const leftMs = await keptTimes.leftOf(kept, now, transaction);
    if (leftMs === 0) throw new ProductError('hold_kept_enough');
    const span = spanOf(leftMs, now);
    await keptTimes.count(kept, span.expiresAt.getTime() - now.getTime(), span.expiresAt, now, transaction);
    const id = newId();
    const time = { owner: 'hold', ownerId: id, heldById, from: startsAt, to: endsAt } as const;
    const order = { ...time, expiresAt: span.expiresAt, beside: movesId };
    let cells = 0;
    for (const subjectId of [doctorId, patientId]) cells += await claims.claim(subjectId, order, now, transaction);
    const hold = { id, heldById, doctorId, patientId, movesId, startsAt, endsAt, ...span, cells };
    await holds.put(hold, transaction);
    return hold;
  }
}

type Span = Pick<HoldRecord, 'expiresAt' | 'extensionsLeft'>;

/** The full time, and extensions, as far as there is time left to keep the slot. */
function spanOf(leftMs: number, now: Date): Span {
  const firstMs = Math.min(leftMs, HOLD_MINUTES * MINUTE_MS);
  const extensions = Math.floor((leftMs - firstMs) / (HOLD_EXTENSION_MINUTES * MINUTE_MS));
  return { expiresAt: new Date(now.getTime() + firstMs), extensionsLeft: Math.min(HOLD_EXTENSIONS, extensions) };
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
