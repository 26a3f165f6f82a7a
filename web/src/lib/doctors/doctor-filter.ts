import { doctorSearchSchema } from '@health-connect/contract';
import type { z } from 'zod';

/** What the directory is filtered and sorted by; the address bar holds the same fields. */
const filterSchema = doctorSearchSchema.pick({
  term: true,
  specialization: true,
  minimumYears: true,
  language: true,
  mode: true,
  free: true,
  sort: true,
});
export type DoctorFilter = z.output<typeof filterSchema>;
export type FilterField = keyof DoctorFilter;

/** Fields that leave doctors out, in the order in which they are shown. */
export const NARROWING = ['specialization', 'language', 'minimumYears', 'mode', 'free', 'term'] as const;
export type NarrowingField = (typeof NARROWING)[number];

const FIELDS = [...NARROWING, 'sort'] as const satisfies readonly FilterField[];
const DEFAULT_SORT = filterSchema.parse({}).sort;

/** The filter in an address. What does not fit is left out, so that an old or a mistyped link still finds doctors. */
export function filterOf(parameters: Pick<URLSearchParams, 'get'>): DoctorFilter {
  const fields: Record<string, string> = {};
  for (const field of FIELDS) {
    const value = parameters.get(field)?.trim() ?? '';
    if (value !== '' && filterSchema.shape[field].safeParse(value).success) fields[field] = value;
  }
  return filterSchema.parse(fields);
}

/** The address of the directory under a filter: the same filter has the same address. */
export function directoryAddress(filter: DoctorFilter): string {
  const parameters = new URLSearchParams();
  for (const field of FIELDS) {
    const value = filter[field];
    const isDefault = value === undefined || value === '' || (field === 'sort' && value === DEFAULT_SORT);
    if (!isDefault) parameters.set(field, String(value));
  }
  return parameters.size === 0 ? '/doctors' : `/doctors?${parameters.toString()}`;
}

/** The fields that leave doctors out now. */
export function narrowingFields(filter: DoctorFilter): NarrowingField[] {
  return NARROWING.filter((field) => filter[field] !== undefined && filter[field] !== '');
}

/** The filter without one of its fields. */
export function without(filter: DoctorFilter, field: NarrowingField): DoctorFilter {
  return { ...filter, [field]: undefined };
}
