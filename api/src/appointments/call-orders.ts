import type { Transaction } from '../database/database.ts';

/**
 * What a change of an appointment demands of a running call. Orders are written in the transaction of the change, so
 * that none is lost when the media node or this process fails between the two; `deliver` sends what is open.
 */
export interface CallOrders {
  orderClose(appointmentId: string, transaction: Transaction): Promise<void>;
  orderRemoval(appointmentId: string, accountId: string, transaction: Transaction): Promise<void>;
  /** Takes back a removal, for somebody who was added again. */
  withdrawRemoval(appointmentId: string, accountId: string, transaction: Transaction): Promise<void>;
  /** Sends open orders now. Never throws for a node that cannot be reached: the orders stay and are sent later. */
  deliver(appointmentId: string): Promise<void>;
}
