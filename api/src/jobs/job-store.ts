import { setTimeout as delay } from 'node:timers/promises';
import { MongoJobRepository } from '@agendajs/mongo-backend';
import type { AgendaBackend } from 'agenda';
import type { Logger } from '../logging/logger.ts';

/** Where the schedule is kept. */
const COLLECTION = 'jobs';
const SERVER_SELECTION_TIMEOUT_MS = 1500;
const MAX_CONNECTIONS = 5;
const RETRY_MS = 1000;

/**
 * The schedule's place in the database, on a connection of its own. Agenda's own backend fails for good when the
 * database is away as it starts; this one waits until it is there.
 * @returns `undefined` when `signal` ended the waiting
 */
export async function openJobStore(
  address: string,
  logger: Logger,
  signal: AbortSignal,
): Promise<AgendaBackend | undefined> {
  const options = {
    serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
    maxPoolSize: MAX_CONNECTIONS,
    appName: 'health-connect-jobs',
  };
  const repository = new MongoJobRepository({ db: { address, collection: COLLECTION, options } });
  while (!signal.aborted) {
    try {
      await repository.connect();
      return asBackend(repository, logger);
    } catch (error) {
      logger.warn({ err: error }, 'The schedule of jobs cannot be reached: trying again');
      await repository.disconnect();
      await delay(RETRY_MS, undefined, { ref: false, signal }).catch(() => undefined);
    }
  }
  return undefined;
}

function asBackend(repository: MongoJobRepository, logger: Logger): AgendaBackend {
  const unlock = repository.unlockJob.bind(repository);
  // Agenda does not wait for this one: without a database its failure would end the process.
  repository.unlockJob = async (job) => {
    try {
      await unlock(job);
    } catch (error) {
      logger.warn({ err: error }, 'A job could not be unlocked: it is taken over after its lock');
    }
  };
  return {
    name: 'MongoDB',
    repository,
    ownsConnection: true,
    connect: () => Promise.resolve(),
    disconnect: () => repository.disconnect(),
  };
}
