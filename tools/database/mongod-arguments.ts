/** Name of the replica set that the embedded server is the only member of; transactions need one. */
export const REPLICA_SET = 'rs0';

export interface MongodOptions {
  /** Folder of the database files. */
  readonly dataDir: string;
  readonly port: number;
  /** Upper limit of the storage engine's cache, in gibibytes (mongod takes no less than 0.25). */
  readonly cacheGiB: number;
}

/**
 * How long a transaction may be open. Ours take milliseconds; one that an api left open when it was killed keeps
 * everybody else from writing what it has written until this time is over. MongoDB's own limit is a minute.
 */
export const LONGEST_TRANSACTION_SECONDS = 15;

/** Command line of an embedded mongod: a journaled replica-set member that only this machine reaches. */
export function mongodArguments({ dataDir, port, cacheGiB }: MongodOptions): string[] {
  return [
    ...['--dbpath', dataDir],
    ...['--port', String(port)],
    ...['--bind_ip', '127.0.0.1'],
    ...['--replSet', REPLICA_SET],
    ...['--wiredTigerCacheSizeGB', String(cacheGiB)],
    ...['--setParameter', `transactionLifetimeLimitSeconds=${LONGEST_TRANSACTION_SECONDS}`],
    // No socket file in /tmp: two servers of different users would quarrel about it.
    '--nounixsocket',
  ];
}

/** Address of the embedded replica set, without a database name. */
export function replicaSetUri(port: number): string {
  return `mongodb://127.0.0.1:${port}/?replicaSet=${REPLICA_SET}`;
}
