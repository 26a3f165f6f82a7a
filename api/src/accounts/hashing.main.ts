import { argon2id, hash, verify } from 'argon2';
import { HASHING_PARAMETERS, hashingJobSchema, type HashingJob, type HashingResult } from './hashing-job.ts';

/*
 * The hashing process: hashes passwords for its parent, which gives it a lower priority than its own. A separate
 * process, because threads of one process cannot be given priorities of their own in Node.
 */

async function done(job: HashingJob): Promise<HashingResult['result']> {
  try {
    return job.kind === 'hash'
      ? await hash(job.password, { type: argon2id, ...HASHING_PARAMETERS })
      : await verify(job.passwordHash, job.password);
  } catch {
    // Says nothing of the password: the parent makes an error of it.
    return null;
  }
}

process.on('message', (message) => {
  const job = hashingJobSchema.parse(message);
  void done(job).then((result) => process.send?.({ id: job.id, result } satisfies HashingResult));
});
process.on('disconnect', () => process.exit(0));
// Whoever stops a whole service tells every process of it: the parent finishes what is under way, and ends this process by leaving.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
