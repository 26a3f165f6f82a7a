import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { deliveryModel, type StoredDelivery } from './webhook.model.ts';

/** Deliveries that were taken. The unique id makes a second one impossible. */
export class WebhookRepository {
  readonly #deliveries: Model<StoredDelivery>;

  private constructor(connection: Connection) {
    this.#deliveries = deliveryModel(connection);
  }

  static create(connection: Connection): WebhookRepository {
    return new WebhookRepository(connection);
  }

  async isKnown(id: string): Promise<boolean> {
    return (await this.#deliveries.exists({ _id: id })) !== null;
  }

  /** @throws the database's duplicate-key error for a delivery that was taken before */
  async record(id: string, receivedAt: Date, transaction: Transaction): Promise<void> {
    await this.#deliveries.create([{ _id: id, receivedAt }], { session: transaction });
  }
}
