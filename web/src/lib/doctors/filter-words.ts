import { m } from '#lib/paraglide/messages.js';
import type { DoctorFilter, NarrowingField } from './doctor-filter.ts';

/** Years that can be asked for. */
export const YEARS_CHOICES = [5, 10, 20] as const;

export const modeWords = (mode: 'video' | 'chat'): string =>
  mode === 'video' ? m['appointment.video']() : m['appointment.chat']();

/** What a field of the filter asks for, in words. */
export function fieldWords(filter: DoctorFilter, field: NarrowingField): string {
  switch (field) {
    case 'minimumYears':
      return m['find.yearsAtLeast']({ n: filter.minimumYears ?? 0 });
    case 'mode':
      return modeWords(filter.mode ?? 'video');
    case 'free':
      return filter.free === 'today' ? m['find.freeToday']() : m['find.freeWeek']();
    case 'specialization':
    case 'language':
    case 'term':
      return filter[field] ?? '';
  }
}
