import { ProductError, type Side } from '@health-connect/contract';
import type { AvailabilityService, Meeting } from '../availability/availability.service.ts';
import type { TimeTaken } from './claim.repository.ts';

const OFFERS = 3;
const PATIENT_IS_BUSY = 'The patient has another appointment at that time. Choose another time.';

/** Says that a time is taken, and which ones near it are free. */
export class TakenOffers {
  readonly #availability: AvailabilityService;

  private constructor(availability: AvailabilityService) {
    this.#availability = availability;
  }

  static create(availability: AvailabilityService): TakenOffers {
    return new TakenOffers(availability);
  }

  /**
   * The refusal of a time.
   * @param taken whose time it is, the doctor's or the patient's, and by what
   * @param by who asked for it: what patients are told of themselves is not what their doctor is told of them
   */
  async refusal(meeting: Meeting, taken: TimeTaken, by: Side): Promise<ProductError> {
    const offers = await this.#availability.nearestFree(meeting, OFFERS);
    const isBusy = taken.subjectId === meeting.patientId && taken.owner === 'appointment';
    if (!isBusy) return new ProductError('slot_unavailable', { offers });
    return new ProductError('patient_busy', by === 'doctor' ? { offers, message: PATIENT_IS_BUSY } : { offers });
  }
}
