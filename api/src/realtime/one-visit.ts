import { ProductError } from '@health-connect/contract';
import type { Socket } from 'socket.io';

/**
 * Lets a connection be in a namespace once at a time. The server library would take as many visits of one connection as
 * it asks for in one message, all before the first one is counted.
 */
export class OneVisit {
  readonly #present = new WeakSet<object>();

  private constructor() {
    // Made by `create`.
  }

  static create(): OneVisit {
    return new OneVisit();
  }

  /** Closes a connection that is there already, or just being let in. @throws ProductError `limit_exceeded` */
  begin({ conn }: Socket): void {
    if (this.#present.has(conn)) {
      conn.close();
      throw new ProductError('limit_exceeded');
    }
    this.#present.add(conn);
  }

  /** It was refused, or has left: it may come again. */
  end({ conn }: Socket): void {
    this.#present.delete(conn);
  }
}
