import { describe, expect, it } from 'vitest';
import { directoryAddress, filterOf, narrowingFields, without } from './doctor-filter.ts';

const parse = (query: string) => filterOf(new URLSearchParams(query));

describe('the filter in the address', () => {
  it('comes back as it was, whatever signs it holds', () => {
    const filter = {
      term: 'Émile & Söhne + 50%',
      specialization: 'Skin/Haut',
      minimumYears: 10,
      language: 'العربية',
      mode: 'chat',
      free: 'week',
      sort: 'name',
    } as const;
    const address = directoryAddress(filter);
    expect(filterOf(new URL(address, 'https://clinic.org').searchParams)).toEqual(filter);
  });

  it('says nothing of what is not filtered', () => {
    expect(directoryAddress(parse(''))).toBe('/doctors');
    expect(directoryAddress(parse('sort=soonest&term='))).toBe('/doctors');
    expect(directoryAddress({ sort: 'soonest', term: '' })).toBe('/doctors');
  });

  it('leaves out what does not fit and keeps the rest', () => {
    expect(parse('minimumYears=many&mode=fax&free=never&sort=price&language=German')).toEqual({
      language: 'German',
      sort: 'soonest',
    });
    expect(parse(`term=${'a'.repeat(101)}&minimumYears=5`)).toEqual({ minimumYears: 5, sort: 'soonest' });
  });

  it('takes one field out at a time', () => {
    const filter = parse('term=skin&free=today&mode=video');
    expect(narrowingFields(filter)).toEqual(['mode', 'free', 'term']);
    expect(directoryAddress(without(filter, 'free'))).toBe('/doctors?mode=video&term=skin');
  });
});
