import mongoose from 'mongoose';
import type { Stack } from './stack.ts';

/** Stores a doctor's time zone as a version did that took names which mean several places. */
export async function storeZone(stack: Stack, email: string, timeZone: string): Promise<void> {
  const connection = await mongoose.createConnection(stack.mongodbUri, { autoIndex: false }).asPromise();
  try {
    const account = await connection.collection('accounts').findOne({ email });
    const { matchedCount } = await connection
      .collection('doctors')
      .updateOne({ _id: account?._id ?? new mongoose.Types.ObjectId() }, { $set: { timeZone } });
    if (matchedCount === 0) throw new RangeError('There is no such doctor');
  } finally {
    await connection.close();
  }
}
