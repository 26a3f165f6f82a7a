import {
  LEAST_RATINGS_SHOWN,
  type DoctorPage,
  type DoctorSearch,
  type ListedDoctor,
  ProductError,
} from '@health-connect/contract';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { Clock } from '../clock.ts';
import type { FileStore } from '../database/file-store.ts';
import type { RatingRepository } from '../ratings/rating.repository.ts';
import type { DoctorRepository } from './doctor.repository.ts';
import { placeOf, type ListingPlace, type ListingRecord, type ListingRepository } from './listing.repository.ts';

interface Parts {
  readonly accounts: AccountRepository;
  readonly doctors: DoctorRepository;
  readonly listings: ListingRepository;
  readonly ratings: RatingRepository;
  readonly files: FileStore;
  readonly clock: Clock;
}

const MINUTE_MS = 60_000;
const FREE_WITHIN_DAYS = { today: 1, week: 7 } as const;
/** So many free times are shown of each doctor. */
const SHOWN = 3;
const REVIEWS = 20;
const MAX_FACETS = 500;
const placeSchema = z.tuple([z.union([z.string(), z.number()]), z.string().regex(/^[0-9a-f]{24}$/)]);

/** What patients find doctors by. Nothing in it is about a patient. */
export class DirectoryService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): DirectoryService {
    return new DirectoryService(parts);
  }

  /** One page of the doctors who fit. @throws ProductError `validation_failed` for a cursor that is none */
  async search(search: DoctorSearch): Promise<{ doctors: ListedDoctor[]; total: number; next: string | null }> {
    const { listings } = this.#parts;
    const { free, timeZone, cursor, limit, ...filter } = search;
    const query = {
      ...filter,
      freeBefore: free === undefined ? undefined : this.#endOf(FREE_WITHIN_DAYS[free], timeZone),
      after: cursor === undefined ? undefined : placeIn(cursor, search),
      limit: limit + 1,
    };
    const [found, total] = await Promise.all([listings.search(query), listings.count(query)]);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      doctors: await this.#views(page, search),
      total,
      next: found.length > limit && last !== undefined ? cursorOf(placeOf(last, search)) : null,
    };
  }

  /** What the doctors who are listed can be filtered by. */
  async facets(): Promise<{ specializations: string[]; languages: string[] }> {
    const { specializations, languages } = await this.#parts.listings.facets();
    const sorted = (words: readonly string[]): string[] =>
      words
        .filter((word) => word !== '')
        .sort((one, other) => one.localeCompare(other))
        .slice(0, MAX_FACETS);
    return { specializations: sorted(specializations), languages: sorted(languages) };
  }

  /** @throws ProductError `not_found` for everybody who is no approved doctor */
  async page(doctorId: string): Promise<DoctorPage> {
    const { accounts, doctors, listings } = this.#parts;
    const [account, doctor, listing] = await Promise.all([
      accounts.byId(doctorId),
      doctors.byId(doctorId),
      listings.byId(doctorId),
    ]);
    if (account?.role !== 'doctor' || account.status !== 'active' || doctor === undefined) {
      throw new ProductError('not_found');
    }
    const { specialization, qualification, experienceYears, languages, timeZone, about } = doctor;
    return {
      id: account.id,
      name: account.name,
      avatarId: account.avatarId,
      specialization,
      qualification,
      experienceYears,
      languages,
      modes: listing?.modes ?? [],
      timeZone,
      rating: ratingOf(doctor),
      about,
      confirmsAtOnce: doctor.confirmation === 'automatic',
      minimumNoticeMinutes: doctor.minimumNoticeMinutes,
      furthestDays: doctor.furthestDays,
    };
  }

  /** Reviews without names, newest first. @throws ProductError `not_found` */
  async reviews(doctorId: string, cursor: string | undefined) {
    await this.#requireListed(doctorId);
    const found = await this.#parts.ratings.ofDoctor(doctorId, { cursor, limit: REVIEWS + 1 });
    const page = found.slice(0, REVIEWS);
    return {
      reviews: page.map(({ id, rating, review, ratedAt }) => ({
        id,
        rating,
        review,
        month: ratedAt.toISOString().slice(0, 7),
      })),
      next: found.length > REVIEWS ? (page.at(-1)?.id ?? null) : null,
    };
  }

  /** The picture that an approved doctor has now. @throws ProductError `not_found` */
  async picture(doctorId: string, avatarId: string): Promise<Buffer> {
    const account = await this.#requireListed(doctorId);
    const bytes = account.avatarId === avatarId ? await this.#parts.files.read(avatarId) : undefined;
    if (bytes === undefined) throw new ProductError('not_found');
    return bytes;
  }

  async #requireListed(doctorId: string) {
    const account = await this.#parts.accounts.byId(doctorId);
    if (account?.role !== 'doctor' || account.status !== 'active') throw new ProductError('not_found');
    return account;
  }

  /** The end of so many calendar days of the viewer, today included. */
  #endOf(days: number, timeZone: string): Date {
    const now = Temporal.Instant.fromEpochMilliseconds(this.#parts.clock.now());
    const end = now.toZonedDateTimeISO(timeZone).toPlainDate().add({ days }).toZonedDateTime(timeZone);
    return new Date(end.epochMilliseconds);
  }

  /** Who was closed this very moment is left out, whatever the listing says. */
  async #views(page: readonly ListingRecord[], { mode }: DoctorSearch): Promise<ListedDoctor[]> {
    const { accounts, clock } = this.#parts;
    const people = await accounts.byIds(page.map(({ id }) => id));
    const now = clock.now();
    return page
      .filter(({ id }) => people.get(id)?.role === 'doctor' && people.get(id)?.status === 'active')
      .map((listing) => {
        const { id, name, avatarId, specialization, qualification, experienceYears, languages, modes, timeZone } =
          listing;
        const from = now + listing.minimumNoticeMinutes * MINUTE_MS;
        return {
          ...{ id, name, avatarId, specialization, qualification, experienceYears, languages, modes, timeZone },
          rating: ratingOf(listing),
          nextFree: listing.nextFree
            .filter((time) => time.startsAt.getTime() >= from && (mode === undefined || time.modes.includes(mode)))
            .slice(0, SHOWN)
            .map((time) => ({ startsAt: time.startsAt.toISOString(), modes: time.modes })),
        };
      });
  }
}

/** The average is hidden while it would tell who gave it. */
function ratingOf({ ratingSum, ratingCount }: { readonly ratingSum: number; readonly ratingCount: number }) {
  const isShown = ratingCount >= LEAST_RATINGS_SHOWN;
  return { average: isShown ? ratingSum / ratingCount : null, count: ratingCount };
}

const cursorOf = ({ value, id }: ListingPlace): string =>
  Buffer.from(JSON.stringify([value, id])).toString('base64url');

function placeIn(cursor: string, { sort }: DoctorSearch): ListingPlace {
  const [value, id] = readPlace(cursor);
  const fits =
    sort === 'experience' ? typeof value === 'number' : sort === 'name' || !Number.isNaN(Date.parse(String(value)));
  if (!fits) throw badCursor();
  return { value: sort === 'experience' ? value : String(value), id };
}

function readPlace(cursor: string): z.infer<typeof placeSchema> {
  try {
    return placeSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw badCursor();
  }
}

function badCursor(): ProductError {
  const message = 'This is no place in the list';
  return new ProductError('validation_failed', { details: [{ path: 'query.cursor', message }] });
}
