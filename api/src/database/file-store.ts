import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import mongoose, { Schema, type Connection, type Types } from 'mongoose';
import { newId, toStoredId } from './ids.ts';

type Bucket = InstanceType<typeof mongoose.mongo.GridFSBucket>;

interface StoredFile {
  metadata: { accountId: Types.ObjectId };
}

function fileSchema(name: string): Schema<StoredFile> {
  const schema = new Schema<StoredFile>(
    { metadata: { accountId: { type: Schema.Types.ObjectId, required: true } } },
    { collection: `${name}.files`, versionKey: false },
  );
  schema.index({ 'metadata.accountId': 1 });
  return schema;
}

/** Files in the database (GridFS), each of which belongs to an account. A file is never changed. */
export class FileStore {
  readonly #bucket: Bucket;

  private constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  /** @param name of the two collections, `<name>.files` and `<name>.chunks` */
  static create(connection: Connection, name: string): FileStore {
    // Registered for its index only: the bucket writes by itself.
    connection.model<StoredFile>(`Files of ${name}`, fileSchema(name), undefined, { overwriteModels: true });
    if (connection.db === undefined) throw new TypeError('Files need an open connection');
    return new FileStore(new mongoose.mongo.GridFSBucket(connection.db, { bucketName: name }));
  }

  /** @returns the id of the new file, by which it is also called: names of people's files are not kept */
  async add(accountId: string, bytes: Buffer): Promise<string> {
    const id = newId();
    const metadata = { accountId: toStoredId(accountId) };
    await pipeline(Readable.from([bytes]), this.#bucket.openUploadStreamWithId(toStoredId(id), id, { metadata }));
    return id;
  }

  /** The account that a file belongs to. */
  async ownerOf(id: string): Promise<string | undefined> {
    const [file] = await this.#bucket.find({ _id: toStoredId(id) }).toArray();
    const owner: unknown = file?.metadata?.['accountId'];
    return owner instanceof mongoose.Types.ObjectId ? owner.toHexString() : undefined;
  }

  async read(id: string): Promise<Buffer | undefined> {
    const [file] = await this.#bucket.find({ _id: toStoredId(id) }).toArray();
    if (file === undefined) return undefined;
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#bucket.openDownloadStream(toStoredId(id))) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('Files are read as bytes');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** Removes all files of an account but one; also those that an interrupted change has left behind. */
  async removeAllBut(accountId: string, kept: string | undefined): Promise<void> {
    const files = await this.#bucket.find({ 'metadata.accountId': toStoredId(accountId) }).toArray();
    for (const { _id } of files) {
      if (_id.toHexString() !== kept) await this.#bucket.delete(_id);
    }
  }

  async remove(id: string): Promise<void> {
    await this.#bucket.delete(toStoredId(id));
  }
}
