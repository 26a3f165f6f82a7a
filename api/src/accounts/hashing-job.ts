import { z } from 'zod';

/** What the hashing process is asked for. */
export const hashingJobSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hash'), id: z.int(), password: z.string() }),
  z.strictObject({ kind: z.literal('verify'), id: z.int(), password: z.string(), passwordHash: z.string() }),
]);
export type HashingJob = z.infer<typeof hashingJobSchema>;

/** What it answers: a hash, whether the password fits, or that the work could not be done. */
export const hashingResultSchema = z.strictObject({
  id: z.int(),
  result: z.union([z.string(), z.boolean()]).nullable(),
});
export type HashingResult = z.infer<typeof hashingResultSchema>;

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane (R32). */
export const HASHING_PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
