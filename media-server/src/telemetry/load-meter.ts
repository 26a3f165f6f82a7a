/** A process whose use of the processor can be read. */
export interface Measurable {
  readonly pid: number;
  cpuTimeMs(): Promise<number>;
}

interface Reading {
  readonly cpuTimeMs: number;
  readonly atMs: number;
}

/** How busy the workers were since the last look. */
export class LoadMeter {
  #last = new Map<number, Reading>();

  /** Share of one core that the busiest one used since the last call; 0 at first, and for those that cannot answer. */
  async busiest(workers: readonly Measurable[], nowMs: () => number = () => performance.now()): Promise<number> {
    const readings = await Promise.allSettled(
      workers.map(async (worker) => ({ pid: worker.pid, cpuTimeMs: await worker.cpuTimeMs(), atMs: nowMs() })),
    );
    const before = this.#last;
    this.#last = new Map();
    let busiest = 0;
    for (const result of readings) {
      if (result.status === 'rejected') continue;
      const { pid, cpuTimeMs, atMs } = result.value;
      this.#last.set(pid, { cpuTimeMs, atMs });
      const previous = before.get(pid);
      if (previous === undefined || atMs <= previous.atMs) continue;
      busiest = Math.max(busiest, (cpuTimeMs - previous.cpuTimeMs) / (atMs - previous.atMs));
    }
    return Math.max(0, busiest);
  }
}
