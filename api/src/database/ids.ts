import { Types } from 'mongoose';

/** The stored form of a document id. */
export type StoredId = Types.ObjectId;

/** A new document id, as it is known outside of the database. */
export const newId = (): string => new Types.ObjectId().toHexString();

/** Turns an id that was validated by the contract into its stored form. */
export const toStoredId = (id: string): StoredId => Types.ObjectId.createFromHexString(id);
