import { ProductError } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { AccessRefusal } from '../policy/refusal.ts';
import { refusalFacts } from './refused-access.ts';

const [one, two] = ['a'.repeat(24), 'b'.repeat(24)];
const error = new ProductError('forbidden');

describe('the entry of a refusal', () => {
  it('names what was tried, and whose record it is as the rule knows it', () => {
    const what = 'GET /api/appointments/:appointmentId';
    const facts = refusalFacts({ what, params: { appointmentId: one }, error: new AccessRefusal(two) });
    expect(facts).toEqual({
      action: 'failure',
      resource: 'appointment',
      resourceId: one,
      patientId: two,
      outcome: 'refused',
      detail: `forbidden: ${what}`,
    });
  });

  it('names the patient whose id was asked for, also when nobody looked at a record', () => {
    const facts = refusalFacts({ what: 'GET /api/patients/:patientId', params: { patientId: one }, error });
    expect(facts).toMatchObject({ resource: 'record', resourceId: one, patientId: one });
  });

  it('keeps further ids in the path', () => {
    const params = { appointmentId: one, doctorId: two };
    const what = 'DELETE /api/appointments/:appointmentId/colleagues/:doctorId';
    expect(refusalFacts({ what, params, error })).toMatchObject({
      resourceId: one,
      detail: `forbidden: DELETE /api/appointments/:appointmentId/colleagues/${two}`,
    });
  });

  it.each([[{ appointmentId: 'Pia Patient' }], [{ note: one }], [null], ['text'], [undefined], [[one]]])(
    'keeps nothing of %j, which is no id',
    (params) => {
      const facts = refusalFacts({ what: 'socket consultation.watch', params, error });
      expect(facts).toEqual({
        action: 'failure',
        resource: 'route',
        outcome: 'refused',
        detail: 'forbidden: socket consultation.watch',
      });
    },
  );
});
