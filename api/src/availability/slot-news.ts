/** Tells open pages and the directory that a doctor's free time has changed. */
export interface SlotNews {
  /**
   * To be called after the change has been committed; never throws.
   * @param from start of what became taken or free; `null` when the schedule changed
   * @param to its end
   */
  changed(doctorId: string, from: Date | null, to: Date | null): void;
}
