/**
 * Work that comes round again. It must be safe to run in several processes at once and to be cut off at any point: the
 * schedule sees to it that it is not run too often, the work itself that nothing happens twice.
 */
export interface Job {
  /** Unique; the schedule is kept under it. */
  readonly name: string;
  readonly everySeconds: number;
  /** After this, a run whose process died is taken over. */
  readonly lockSeconds: number;
  run(): Promise<void>;
}
