import { describe, expect, it } from 'vitest';
import { newId } from '../database/ids.ts';
import { AppointmentKeys, type AppointmentKey } from './appointment-keys.ts';

const some = (): AppointmentKey => ({ id: newId(), doctorId: newId(), patientId: newId() });

describe('keys of appointments', () => {
  it('are known once they were remembered, without anything else of the appointment', () => {
    const keys = AppointmentKeys.create();
    const key = some();
    expect(keys.of(key.id)).toBeUndefined();
    const record = { ...key, reason: 'Rash' };
    keys.remember(record);
    expect(keys.of(key.id)).toEqual(key);
  });

  it('are forgotten beyond the limit: those first that were needed longest ago', () => {
    const keys = AppointmentKeys.create(2);
    const [first, second, third] = [some(), some(), some()];
    keys.remember(first);
    keys.remember(second);
    keys.of(first.id);
    keys.remember(third);
    expect([first, second, third].map(({ id }) => keys.of(id))).toEqual([first, undefined, third]);
    keys.remember(third);
    expect(keys.of(first.id)).toEqual(first);
  });
});
