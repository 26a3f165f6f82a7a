import { ProductError } from '@health-connect/contract';
import type { AvailabilityService } from '../availability/availability.service.ts';

const OFFERS = 3;

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
   * @param takenId whose time it is that is taken: the doctor's or the patient's
   */
  async refusal(doctorId: string, startsAt: Date, takenId: string, patientId: string): Promise<ProductError> {
    const offers = await this.#availability.nearestFree(doctorId, startsAt, OFFERS);
    return new ProductError(takenId === patientId ? 'patient_busy' : 'slot_unavailable', { offers });
  }
}
