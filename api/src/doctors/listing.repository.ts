import type { AppointmentMode, DoctorSearch } from '@health-connect/contract';
import type { Connection, Model, QueryFilter } from 'mongoose';
import { isDuplicateKey } from '../database/errors.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { listingModel, type StoredListing } from './listing.model.ts';
import { fold } from '../search/words.ts';
import { searchedWords } from './search-words.ts';

/** A listing as it is shown. */
export type ListingRecord = Omit<StoredListing, '_id' | 'avatarId' | 'words'> & {
  readonly id: string;
  readonly avatarId: string | null;
};
export type NewListing = Omit<StoredListing, '_id' | 'avatarId' | 'revision'> & {
  readonly id: string;
  readonly avatarId: string | null;
};

/** Where a page begins: after this value of what it is sorted by, and this id. */
export interface ListingPlace {
  readonly value: string | number;
  readonly id: string;
}

/** What is searched for; `freeBefore` is the end of the time in which the doctor must be free. */
export type ListingQuery = Pick<DoctorSearch, 'term' | 'specialization' | 'minimumYears' | 'language' | 'mode'> & {
  readonly sort: DoctorSearch['sort'];
  readonly freeBefore: Date | undefined;
  readonly after: ListingPlace | undefined;
  readonly limit: number;
};

type SortField = 'nameKey' | 'experienceKey' | `freeAt.${AppointmentMode | 'any'}`;

function sortFieldOf({ sort, mode }: Pick<ListingQuery, 'sort' | 'mode'>): SortField {
  switch (sort) {
    case 'name':
      return 'nameKey';
    case 'experience':
      return 'experienceKey';
    case 'soonest':
      return `freeAt.${mode ?? 'any'}`;
  }
}

const directionOf = (field: SortField): 1 | -1 => (field === 'experienceKey' ? -1 : 1);

/** The value of the field by which a listing was sorted. */
export function placeOf(listing: ListingRecord, query: Pick<ListingQuery, 'sort' | 'mode'>): ListingPlace {
  const { id } = listing;
  switch (query.sort) {
    case 'name':
      return { value: listing.nameKey, id };
    case 'experience':
      return { value: listing.experienceKey, id };
    case 'soonest':
      return { value: listing.freeAt[query.mode ?? 'any'].toISOString(), id };
  }
}

function toRecord({ _id, avatarId, ...listing }: Omit<StoredListing, 'words'>): ListingRecord {
  return { ...listing, id: _id.toHexString(), avatarId: avatarId?.toHexString() ?? null };
}

/** The directory of approved doctors. */
export class ListingRepository {
  readonly #listings: Model<StoredListing>;

  private constructor(connection: Connection) {
    this.#listings = listingModel(connection);
  }

  static create(connection: Connection): ListingRepository {
    return new ListingRepository(connection);
  }

  async byId(id: string): Promise<ListingRecord | undefined> {
    const found = await this.#listings.findById(toStoredId(id)).select('-words').lean();
    return found === null ? undefined : toRecord(found);
  }

  async search(query: ListingQuery): Promise<ListingRecord[]> {
    const field = sortFieldOf(query);
    const direction = directionOf(field);
    const found = await this.#listings
      .find({ ...filterOf(query), ...afterOf(query, field, direction) })
      .sort({ [field]: direction, _id: 1 })
      .limit(query.limit)
      .select('-words')
      .lean();
    return found.map(toRecord);
  }

  /** How many fit. */
  async count(query: ListingQuery): Promise<number> {
    const filter = filterOf(query);
    return Object.keys(filter).length === 0
      ? this.#listings.estimatedDocumentCount()
      : this.#listings.countDocuments(filter);
  }

  async facets(): Promise<{ specializations: string[]; languages: string[] }> {
    const [specializations, languages] = await Promise.all([
      this.#listings.distinct('specialization'),
      // An empty list is a value of its own in an index.
      this.#listings.distinct('languages', { languages: condition({ $gt: '' }) }),
    ]);
    return { specializations, languages };
  }

  /**
   * To be called before anything is read that a listing is made of.
   * @returns what `put` and `remove` ask for; `null` when there is no listing yet
   */
  async begin(id: string): Promise<number | null> {
    const update = { $inc: { revision: 1 } };
    const begun = await this.#listings
      .findOneAndUpdate({ _id: toStoredId(id) }, update, { returnDocument: 'after' })
      .select('revision')
      .lean();
    return begun?.revision ?? null;
  }

  /** @returns false when somebody else, in this process or in another one, has begun meanwhile: nothing was changed */
  async put({ id, avatarId, ...listing }: NewListing, revision: number | null): Promise<boolean> {
    const avatar = { avatarId: avatarId === null ? null : toStoredId(avatarId) };
    const facts = { ...listing, ...avatar, revision: revision ?? 1 };
    const _id = toStoredId(id);
    if (revision !== null) return (await this.#listings.replaceOne({ _id, revision }, facts)).matchedCount > 0;
    try {
      await this.#listings.create([{ ...facts, _id }]);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** @returns false as `put` does */
  async remove(id: string, revision: number | null): Promise<boolean> {
    if (revision === null) return true;
    return (await this.#listings.deleteOne({ _id: toStoredId(id), revision })).deletedCount > 0;
  }

  /** Ids of all listings, with the time at which each is to be made anew. */
  async dueTimes(): Promise<ReadonlyMap<string, Date>> {
    const found = await this.#listings.find({}).select('refreshAt').lean();
    return new Map(found.map(({ _id, refreshAt }) => [_id.toHexString(), refreshAt]));
  }
}

function filterOf(query: ListingQuery): QueryFilter<StoredListing> {
  const { term, specialization, minimumYears, language, mode, freeBefore } = query;
  const words = searchedWords(term ?? '');
  return {
    // Letters and digits only, so that nothing of it is read as a pattern.
    ...(words.length > 0
      ? { $and: words.map((ways) => ({ words: condition({ $in: ways.map((word) => new RegExp(`^${word}`)) }) })) }
      : {}),
    ...(specialization === undefined ? {} : { specializationKey: fold(specialization) }),
    ...(language === undefined ? {} : { languageKeys: fold(language) }),
    ...(minimumYears === undefined ? {} : { experienceKey: condition({ $gte: minimumYears }) }),
    ...(mode === undefined ? {} : { modes: mode }),
    ...(freeBefore === undefined ? {} : { [`freeAt.${mode ?? 'any'}`]: condition({ $lt: freeBefore }) }),
  };
}

function afterOf({ after }: ListingQuery, field: SortField, direction: 1 | -1): QueryFilter<StoredListing> {
  if (after === undefined) return {};
  const value = field.startsWith('freeAt') ? new Date(after.value) : after.value;
  const id = condition({ $gt: toStoredId(after.id) });
  const beyond = direction === 1 ? condition({ $gt: value }) : condition({ $lt: value });
  return { $or: [{ [field]: beyond }, { [field]: value, _id: id }] };
}
