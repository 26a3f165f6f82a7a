import mongoose from 'mongoose';

const { mongo } = mongoose;

const DUPLICATE_KEY = 11_000;

/** Whether a unique index refused a write. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
}

/** NamespaceNotFound, IndexNotFound. */
const NO_INDEX: readonly unknown[] = [26, 27];

/** Whether an index that was to be removed is not there. */
export function isNoIndex(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && NO_INDEX.includes(error.code);
}

/** InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost. */
const PLACE_GONE: readonly unknown[] = [260, 280, 286];

/** Whether a change stream cannot go on where it broke off, now or later. */
export function isPlaceGone(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && PLACE_GONE.includes(error.code);
}

/** Whether the connection was lost while a transaction was being committed: it may have happened or not. */
export function isCommitUnknown(error: unknown): boolean {
  if (error instanceof mongo.MongoError && error.hasErrorLabel('UnknownTransactionCommitResult')) return true;
  return error instanceof mongo.MongoNetworkError;
}

/** Whether an error means that the database could not be reached, as opposed to having refused something. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof mongo.MongoServerError) {
    return error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('TransientTransactionError');
  }
  return (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    error instanceof mongo.MongoExpiredSessionError ||
    error instanceof mongo.MongoClientClosedError ||
    isNotConnected(error)
  );
}

/** With command buffering off, mongoose refuses by a plain error while the first connection is missing. */
function isNotConnected(error: unknown): boolean {
  return error instanceof mongoose.MongooseError && error.message.includes('bufferCommands = false');
}
