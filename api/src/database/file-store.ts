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
    return ownerOf(file?.metadata);
  }

  async read(id: string): Promise<Buffer | undefined> {
    const [file] = await this.#bucket.find({ _id: toStoredId(id) }).toArray();
    if (file === undefined) return undefined;
    try {
      return await this.#bytesOf(id);
    } catch (error) {
      // Removed while it was being read.
      if ((await this.ownerOf(id)) === undefined) return undefined;
      throw error;
    }
  }

  async #bytesOf(id: string): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#bucket.openDownloadStream(toStoredId(id))) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('Files are read as bytes');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** Files from before an instant, by their ids, with whose they are. @param after leaves out this one and those before it */
  async storedBefore(
    before: Date,
    after: string | undefined,
    limit: number,
  ): Promise<{ readonly id: string; readonly accountId: string | undefined }[]> {
    const rest = after === undefined ? {} : { _id: { $gt: toStoredId(after) } };
    const files = await this.#bucket
      .find({ uploadDate: { $lt: before }, ...rest })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return files.map(({ _id, metadata }) => ({ id: _id.toHexString(), accountId: ownerOf(metadata) }));
  }

  /** Also when somebody else has removed it meanwhile. */
  async remove(id: string): Promise<void> {
    try {
      await this.#bucket.delete(toStoredId(id));
    } catch (error) {
      if ((await this.ownerOf(id)) !== undefined) throw error;
    }
  }
}

function ownerOf(metadata: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const owner = metadata?.['accountId'];
  return owner instanceof mongoose.Types.ObjectId ? owner.toHexString() : undefined;
}
