import mongoose from 'mongoose';
import type { Stack } from './stack.ts';

/** Stores a patient as one who was never asked for allergies: that cannot be said of an answer afterwards. */
export async function forgetAllergies(stack: Stack, email: string): Promise<void> {
  const connection = await mongoose.createConnection(stack.mongodbUri, { autoIndex: false }).asPromise();
  try {
    const account = await connection.collection('accounts').findOne({ email });
    const { matchedCount } = await connection
      .collection('patients')
      .updateOne({ _id: account?._id ?? new mongoose.Types.ObjectId() }, { $set: UNASKED });
    if (matchedCount === 0) throw new RangeError('There is no such patient');
  } finally {
    await connection.close();
  }
}

const UNASKED = { allergies: [], allergiesAsked: false };
