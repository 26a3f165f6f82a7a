import { APPOINTMENT_MODES, type AppointmentMode, type Schedule } from '@health-connect/contract';
import type { AccountRecord, AccountRepository } from '../accounts/account.repository.ts';
import { bookableTime } from '../availability/bookable-time.ts';
import type { FreeTimes } from '../availability/free-times.ts';
import { openScheduleOf } from '../availability/schedule-of.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logging/logger.ts';
import type { DoctorNews } from './doctor-news.ts';
import type { DoctorRecord, DoctorRepository } from './doctor.repository.ts';
import { NEVER, type StoredFreeTime } from './listing.model.ts';
import type { ListingRepository, NewListing } from './listing.repository.ts';
import { fold } from '../search/words.ts';
import { wordsOf } from './search-words.ts';

interface Parts {
  readonly accounts: AccountRepository;
  readonly doctors: DoctorRepository;
  readonly listings: ListingRepository;
  readonly freeTimes: FreeTimes;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MINUTE_MS = 60_000;
/** How many free times a listing holds of all, and of each mode. */
const SHOWN = 3;
const LONGEST_NAME_KEY = 120;
/** What nobody told us of (a process that died between a change and its news) is mended after this. */
const LONGEST_REFRESH_MS = 30 * MINUTE_MS;

/**
 * Keeps the directory's listings as they should be: anew after each change of a doctor, and as time goes by. A listing
 * is made from what is stored elsewhere, so one that is late or lost is only ever a listing that is shown late.
 */
export class DoctorListings implements DoctorNews {
  readonly #parts: Parts;
  readonly #changed = new Set<string>();
  #working: Promise<void> | undefined;
  #starting: Promise<void> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): DoctorListings {
    return new DoctorListings(parts);
  }

  /** Brings the directory up to date in the background: after an upgrade, a restored backup, a first start. */
  start(): void {
    this.#starting = this.refreshDue().catch((error: unknown) => {
      this.#parts.logger.warn({ err: error }, 'The directory could not be brought up to date: a job will');
    });
  }

  doctorChanged(accountId: string): void {
    this.#changed.add(accountId);
    this.#working ??= this.#work();
  }

  /** When everything that was heard of so far is in the listings. */
  async settled(): Promise<void> {
    await this.#starting;
    await this.#working;
  }

  /** Makes anew what is due, and what is missing or should not be there. */
  async refreshDue(): Promise<void> {
    const { accounts, listings, clock } = this.#parts;
    const [active, due] = await Promise.all([accounts.activeDoctorIds(), listings.dueTimes()]);
    const wanted = new Set(active);
    const now = clock.now();
    for (const id of active) if ((due.get(id)?.getTime() ?? 0) <= now) await this.#tryRefresh(id);
    for (const id of due.keys()) if (!wanted.has(id)) await this.#tryRefresh(id);
  }

  async #work(): Promise<void> {
    for (;;) {
      const [id] = this.#changed;
      if (id === undefined) break;
      this.#changed.delete(id);
      await this.#tryRefresh(id);
    }
    this.#working = undefined;
  }

  /** One doctor whose listing cannot be made keeps nobody else's from being made. */
  async #tryRefresh(id: string): Promise<void> {
    try {
      await this.#refresh(id);
    } catch (error) {
      this.#parts.logger.warn({ err: error, doctorId: id }, 'A listing could not be made anew: it is later');
    }
  }

  async #refresh(id: string): Promise<void> {
    const { accounts, doctors, listings } = this.#parts;
    const revision = await listings.begin(id);
    const account = await accounts.byId(id);
    const isListed = account?.role === 'doctor' && account.status === 'active';
    const doctor = isListed ? await doctors.byId(id) : undefined;
    const isDone =
      account === undefined || doctor === undefined
        ? await listings.remove(id, revision)
        : await listings.put(await this.#listingOf(account, doctor), revision);
    // Another process has begun since, and may have read less than is known here, or more: it is made from all of it.
    if (!isDone) this.doctorChanged(id);
  }

  async #listingOf(account: AccountRecord, doctor: DoctorRecord): Promise<NewListing> {
    const { clock } = this.#parts;
    const now = clock.now();
    const schedule = openScheduleOf(doctor);
    const bookable = bookableTime(schedule, now);
    const nextFree = await this.#nextFree(doctor.id, schedule, bookable);
    const firstOf = (mode?: AppointmentMode): Date =>
      nextFree.find(({ modes }) => mode === undefined || modes.includes(mode))?.startsAt ?? NEVER;
    const { specialization, qualification, experienceYears, languages, timeZone, ratingSum, ratingCount } = doctor;
    const passesAt = firstOf().getTime() - schedule.minimumNoticeMinutes * MINUTE_MS;
    return {
      id: doctor.id,
      name: account.name,
      nameKey: nameKeyOf(account.name),
      avatarId: account.avatarId,
      specialization,
      specializationKey: fold(specialization),
      qualification,
      experienceYears,
      experienceKey: experienceYears ?? -1,
      languages,
      languageKeys: languages.map(fold),
      modes: modesOf(schedule),
      timeZone,
      minimumNoticeMinutes: schedule.minimumNoticeMinutes,
      words: wordsOf([account.name, specialization, qualification, ...languages, doctor.about]),
      nextFree,
      freeUntil: bookable.to,
      freeAt: { any: firstOf(), video: firstOf('video'), chat: firstOf('chat') },
      ratingSum,
      ratingCount,
      refreshAt: new Date(Math.min(now + LONGEST_REFRESH_MS, passesAt + 1)),
    };
  }

  /** The next free times of all, and the next ones of each mode, in order. */
  async #nextFree(
    doctorId: string,
    schedule: Schedule,
    { from, to }: ReturnType<typeof bookableTime>,
  ): Promise<StoredFreeTime[]> {
    const wanted = modesOf(schedule);
    const found: StoredFreeTime[] = [];
    const countOf = (mode: AppointmentMode): number => found.filter(({ modes }) => modes.includes(mode)).length;
    for await (const { startsAt, modes } of this.#parts.freeTimes.between(doctorId, schedule, from, to)) {
      const isWanted = found.length < SHOWN || modes.some((mode) => countOf(mode) < SHOWN);
      if (isWanted) found.push({ startsAt, modes: [...modes] });
      if (found.length >= SHOWN && wanted.every((mode) => countOf(mode) >= SHOWN)) break;
    }
    return found;
  }
}

/** What names are sorted by. Some signs become many by folding: only the first ones count, so that a place is short. */
const nameKeyOf = (name: string): string => fold(name).slice(0, LONGEST_NAME_KEY).toWellFormed();

/** How a doctor can be met, by the hours that they have. */
function modesOf({ workingTimes, exceptions }: Schedule): AppointmentMode[] {
  const cuts = [...workingTimes, ...exceptions.filter((exception) => exception.kind === 'extra')];
  return APPOINTMENT_MODES.filter((mode) => cuts.some(({ modes }) => modes.includes(mode)));
}
