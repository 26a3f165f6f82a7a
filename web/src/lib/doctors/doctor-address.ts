import { instantSchema } from '@health-connect/contract';

/** The page of a doctor; with a time, it opens on the day of that time. */
export function doctorAddress(doctorId: string, startsAt?: string): string {
  const path = `/doctors/${doctorId}`;
  return startsAt === undefined ? path : `${path}?time=${encodeURIComponent(startsAt)}`;
}

/** The time that an address holds. */
export function timeIn({ searchParams }: { readonly searchParams: Pick<URLSearchParams, 'get'> }): string | undefined {
  const given = instantSchema.safeParse(searchParams.get('time')).data;
  return given === undefined ? undefined : new Date(given).toISOString();
}
