/** The page of a doctor; with a time, it opens on the day of that time. */
export function doctorAddress(doctorId: string, startsAt?: string): string {
  const path = `/doctors/${doctorId}`;
  return startsAt === undefined ? path : `${path}?time=${encodeURIComponent(startsAt)}`;
}
