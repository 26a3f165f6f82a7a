import { doctorEndpoints, type ListedDoctor } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { Pages } from '../api/pages.svelte.ts';
import type { DoctorFilter } from './doctor-filter.ts';

/** What is kept of a list while somebody looks at one of its doctors, so that Back shows the same place. */
export interface DirectorySnapshot {
  readonly address: string;
  /** In which zone it was looked: the days of the list, such as "free today", are days of it. */
  readonly timeZone: string;
  readonly doctors: readonly ListedDoctor[];
  readonly total: number;
  readonly next: string | null;
}

/** Doctors who fit a filter, page by page. The last list stays until the next one is there: nothing jumps. */
export class Directory {
  readonly pages: Pages<ListedDoctor>;
  readonly #call: ApiCall;
  readonly #timeZone: () => string;
  #filter: DoctorFilter = { sort: 'soonest' };
  #total = $state<number | undefined>();

  private constructor(call: ApiCall, timeZone: () => string) {
    this.#call = call;
    this.#timeZone = timeZone;
    this.pages = Pages.create((cursor, signal) => this.#search(cursor, signal));
  }

  /** @param timeZone in which the viewer looks: "free today" is a day of theirs */
  static create(call: ApiCall, timeZone: () => string): Directory {
    return new Directory(call, timeZone);
  }

  /** In which the viewer looks. */
  get timeZone(): string {
    return this.#timeZone();
  }

  /** How many fit in all; `undefined` until there was an answer. */
  get total(): number | undefined {
    return this.#total;
  }

  /** Shows who fits; an answer to an earlier filter that comes late is dropped. Never throws. */
  show(filter: DoctorFilter): Promise<void> {
    this.#filter = filter;
    return this.pages.load();
  }

  /** How many would fit another filter. */
  async countOf(filter: DoctorFilter, signal: AbortSignal): Promise<number> {
    const query = { ...filter, timeZone: this.#timeZone(), limit: 1 };
    return (await this.#call(doctorEndpoints.search, { query }, { signal })).total;
  }

  capture(address: string): DirectorySnapshot | undefined {
    const { items, next } = this.pages;
    if (items === undefined || this.#total === undefined) return undefined;
    return { address, timeZone: this.timeZone, doctors: items, total: this.#total, next };
  }

  /** Shows a list as it was left, in place of what is being read; nothing, when it is the list of something else. */
  restore({ address, timeZone, doctors, total, next }: DirectorySnapshot, wanted: string): void {
    if (address !== wanted || timeZone !== this.timeZone) return;
    this.#total = total;
    this.pages.put({ items: doctors, next });
  }

  async #search(cursor: string | undefined, signal: AbortSignal) {
    const query = { ...this.#filter, timeZone: this.#timeZone(), ...(cursor === undefined ? {} : { cursor }) };
    const { doctors, total, next } = await this.#call(doctorEndpoints.search, { query }, { signal });
    if (!signal.aborted) this.#total = total;
    return { items: doctors, next };
  }
}
