import { ProductError, scheduleEndpoints, type ScheduleEffect, type EndpointResponse } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { keptText, readKept } from './kept-schedule.ts';
import { draftOf, sameSchedule, scheduleOf, type ScheduleDraft } from './schedule-draft.ts';
import { problemsOf } from './schedule-problems.ts';

type Stored = EndpointResponse<typeof scheduleEndpoints.own>;

const isRefusal = (error: unknown, code: ProductError['code']): boolean =>
  error instanceof ProductError && error.code === code;

/** A doctor's hours while they are edited: nothing is saved before its effect was shown. */
export class ScheduleEditing {
  readonly #call: ApiCall;
  draft = $state() as ScheduleDraft;
  #version = $state(0);
  #unclearZone = $state.raw<string | null>(null);
  #storedVersion = 0;
  #stored = $state.raw() as ScheduleDraft;
  #effect = $state.raw<ScheduleEffect | undefined>();
  /** What the effect is shown of. */
  #checked: ScheduleDraft | undefined;
  #bookedMeanwhile = $state(false);
  #conflict = $state.raw<Stored | undefined>();
  #saved = $state.raw<ScheduleEffect | undefined>();
  readonly problems = $derived(problemsOf(this.draft));
  /** A zone that has to be chosen is a problem, and no change of what is stored. */
  readonly changed = $derived(
    this.problems.some(({ place }) => place.tab !== 'zone') || !sameSchedule(this.draft, this.#stored),
  );

  private constructor(call: ApiCall, stored: Stored) {
    this.#call = call;
    this.#take(stored);
  }

  static create(call: ApiCall, stored: Stored): ScheduleEditing {
    return new ScheduleEditing(call, stored);
  }

  /** The zone as it is stored, where it means several places: nothing can be booked until another one is chosen. */
  get unclearZone(): string | null {
    return this.#unclearZone;
  }

  /** What is typed and not saved, as text; empty when there is nothing. */
  get unsaved(): string {
    return this.changed ? keptText({ version: this.#version, draft: this.draft }) : '';
  }

  /** Goes on with what was typed before. On an older version, saving it tells of the change elsewhere. */
  resume(unsaved: string): void {
    const kept = readKept(unsaved);
    if (kept === undefined) return;
    this.draft = kept.draft;
    this.#version = kept.version;
  }

  /** What saving would do, to be shown first. */
  get effect(): ScheduleEffect | undefined {
    return this.#effect;
  }

  /** The effect is shown again, because somebody booked after it was looked up. */
  get bookedMeanwhile(): boolean {
    return this.#bookedMeanwhile;
  }

  /** What was saved elsewhere while this was typed. */
  get conflict(): Stored | undefined {
    return this.#conflict;
  }

  /** The effect of what was saved last. */
  get saved(): ScheduleEffect | undefined {
    return this.#saved;
  }

  /**
   * Looks the effect up, of what is typed when the answer is there; nothing is shown of what became no schedule meanwhile.
   * Throws what the server refuses; saves nothing.
   */
  async check(): Promise<void> {
    this.#saved = undefined;
    this.#bookedMeanwhile = false;
    await this.#lookUp();
  }

  /** The person goes on editing. */
  dismissEffect(): void {
    this.#effect = undefined;
  }

  /**
   * Saves what the effect was shown of. A change elsewhere becomes `conflict`, and a booking that came in meanwhile
   * shows the effect anew. Throws everything else.
   */
  async save(): Promise<void> {
    const effect = this.#effect;
    const checked = this.#checked;
    if (effect === undefined || checked === undefined) return;
    const keep = effect.affected.map(({ id }) => id);
    const body = { schedule: scheduleOf(checked), version: this.#version, keep };
    try {
      const stored = await this.#call(scheduleEndpoints.save, { body });
      const typedOn = sameSchedule(this.draft, checked) ? undefined : this.draft;
      this.#take(stored);
      if (typedOn !== undefined) this.draft = typedOn;
      this.#effect = undefined;
      this.#saved = effect;
    } catch (error) {
      if (isRefusal(error, 'schedule_affects_bookings')) {
        await this.#lookUp();
        this.#bookedMeanwhile = true;
      } else if (isRefusal(error, 'version_conflict')) {
        this.#conflict = await this.#call(scheduleEndpoints.own, {});
        this.#effect = undefined;
      } else {
        throw error;
      }
    }
  }

  /** Goes on with what was typed here, on top of what was saved elsewhere. */
  keepMine(): void {
    if (this.#conflict === undefined) return;
    this.#version = this.#storedVersion = this.#conflict.version;
    this.#unclearZone = this.#conflict.unclearZone;
    this.#stored = draftOf(this.#conflict.schedule, this.#unclearZone !== null);
    this.#conflict = undefined;
  }

  /** Shows what was saved elsewhere. */
  takeTheirs(): void {
    if (this.#conflict !== undefined) this.#take(this.#conflict);
    this.#conflict = undefined;
  }

  /** Back to what is stored. */
  undo(): void {
    this.draft = structuredClone(this.#stored);
    this.#version = this.#storedVersion;
  }

  async #lookUp(): Promise<void> {
    this.#effect = undefined;
    let effect: ScheduleEffect;
    let asked: ScheduleDraft;
    do {
      if (this.problems.length > 0) return;
      asked = $state.snapshot(this.draft);
      effect = await this.#call(scheduleEndpoints.preview, { body: { schedule: scheduleOf(asked) } });
      // What was typed meanwhile may have another effect.
    } while (!sameSchedule(this.draft, asked));
    this.#checked = asked;
    this.#effect = effect;
  }

  #take({ schedule, version, unclearZone }: Stored): void {
    this.#unclearZone = unclearZone;
    this.#version = this.#storedVersion = version;
    this.#stored = draftOf(schedule, unclearZone !== null);
    this.draft = structuredClone(this.#stored);
  }
}
