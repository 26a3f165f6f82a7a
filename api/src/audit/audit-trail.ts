import type { Config } from '../config.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import { AuditHeads } from './audit-heads.ts';
import { AuditRecovery } from './audit-recovery.ts';
import { AuditSealer } from './audit-sealer.ts';
import { AuditRepository } from './audit.repository.ts';
import { AuditService, newWriter, type Audit } from './audit.service.ts';
import type { AuditActor, AuditFacts } from './audit.facts.ts';
import type { Transaction } from '../database/database.ts';

interface Parts {
  readonly config: Pick<Config, 'auditHeadsFile'>;
  readonly key: Buffer;
  /** How long a block may stand without a head that is noted outside; tests wait less. */
  readonly noteHeadsEveryMs?: number;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The audit trail of this process: writing, sealing, and looking after processes that died. */
export class AuditTrail implements Audit {
  readonly #service: AuditService;
  readonly #sealer: AuditSealer;
  readonly #recovery: AuditRecovery;

  private constructor(service: AuditService, sealer: AuditSealer, recovery: AuditRecovery) {
    this.#service = service;
    this.#sealer = sealer;
    this.#recovery = recovery;
  }

  static create({ config, key, noteHeadsEveryMs, database, clock, logger }: Parts): AuditTrail {
    const repository = AuditRepository.create(database.connection);
    const shared = { repository, writer: newWriter(), key, clock, logger };
    const heads = AuditHeads.create(config.auditHeadsFile, { everyMs: noteHeadsEveryMs, logger });
    const sealer = AuditSealer.create({ ...shared, heads });
    return new AuditTrail(AuditService.create({ ...shared, sealer }), sealer, AuditRecovery.create(shared));
  }

  record(actor: AuditActor | undefined, ...facts: readonly AuditFacts[]): Promise<void> {
    return this.#service.record(actor, ...facts);
  }

  recordIn(transaction: Transaction, actor: AuditActor | undefined, ...facts: readonly AuditFacts[]): Promise<void> {
    return this.#service.recordIn(transaction, actor, ...facts);
  }

  /** Once indexes are there. @throws the driver's error */
  start(): Promise<void> {
    return this.#recovery.start();
  }

  /** Seals at once what has been written. */
  seal(): Promise<void> {
    return this.#sealer.seal();
  }

  async close(): Promise<void> {
    await this.#recovery.close();
    await this.#sealer.close();
  }
}
