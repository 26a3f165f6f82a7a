/** Runs tasks one after the other, in the order in which they were given. One that fails does not stop the next. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  static create(): SerialQueue {
    return new SerialQueue();
  }

  /** Settles as the task does. */
  run<T>(task: () => T | Promise<T>): Promise<T> {
    const run = this.#last.then(task);
    this.#last = run.catch(() => undefined);
    return run;
  }
}
