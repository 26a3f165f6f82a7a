/** The first instant of a calendar day `YYYY-MM-DD` in the zone of the device; undefined without a day. */
export function dayStart(day: string): string | undefined {
  return instantOf(`${day}T00:00:00`);
}

/** The last instant of a calendar day. */
export function dayEnd(day: string): string | undefined {
  return instantOf(`${day}T23:59:59.999`);
}

function instantOf(local: string): string | undefined {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
