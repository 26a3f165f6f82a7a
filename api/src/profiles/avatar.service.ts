import { ProductError } from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { Actor } from '../accounts/actor.ts';
import type { AppointmentRepository } from '../appointments/appointment.repository.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { DoctorNews } from '../doctors/doctor-news.ts';
import type { FileStore } from '../database/file-store.ts';
import type { Logger } from '../logging/logger.ts';
import type { Upload } from '../http/binding.ts';
import { requireCan } from '../policy/policy.ts';
import type { PersonRepository } from './person.repository.ts';
import { toAvatar } from './picture.ts';

/** Pictures that are decoded at once: each may take much memory for a moment. */
const MAX_AT_ONCE = 2;

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly people: PersonRepository;
  readonly files: FileStore;
  readonly accounts: AccountRepository;
  readonly appointments: Pick<AppointmentRepository, 'treats'>;
  readonly audit: Audit;
  readonly doctorNews: DoctorNews;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Pictures of people. */
export class AvatarService {
  readonly #parts: Parts;
  #working = 0;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AvatarService {
    return new AvatarService(parts);
  }

  /**
   * Replaces the own picture; the old one is deleted.
   * @throws ProductError `image_unusable`; `unavailable` when too many pictures are being worked on
   */
  async save(actor: Actor, { bytes, contentType }: Upload): Promise<string> {
    const { files } = this.#parts;
    const id = await files.add(actor.accountId, await this.#convert(bytes, contentType));
    // Should this fail, nobody is shown the picture, and a job deletes it: whether it failed is not always known.
    await this.#replaceBy(id, actor);
    return id;
  }

  async remove(actor: Actor): Promise<void> {
    await this.#replaceBy(null, actor);
  }

  /** Deletes the very picture that was there before: another upload at the same time deletes the one before its own. */
  async #replaceBy(id: string | null, actor: Actor): Promise<void> {
    const { files, logger } = this.#parts;
    const before = await this.#set(actor, id);
    if (before === null) return;
    try {
      await files.remove(before);
    } catch (error) {
      logger.warn({ err: error, fileId: before }, 'A picture that was replaced is deleted later');
    }
  }

  /** Others' views of a patient's are recorded first. @throws ProductError `not_found`; `forbidden` for a picture of somebody with whom one has nothing to do */
  async read(actor: Actor, avatarId: string): Promise<Buffer> {
    const { files, accounts, appointments, clock } = this.#parts;
    const ownerId = await files.ownerOf(avatarId);
    const owner = ownerId === undefined ? undefined : await accounts.byId(ownerId);
    // What was replaced is gone for everybody at once, whenever it is deleted.
    if (owner?.avatarId !== avatarId) throw new ProductError('not_found');
    const now = new Date(clock.now());
    const treats = owner.role === 'patient' && (await appointments.treats(actor.accountId, owner.id, now));
    const picture = { ownerId: owner.id, ownerRole: owner.role, treatingDoctorIds: treats ? [actor.accountId] : [] };
    requireCan(actor, 'picture.view', picture);
    const bytes = await files.read(avatarId);
    if (bytes === undefined) throw new ProductError('not_found');
    if (owner.role === 'patient' && owner.id !== actor.accountId) await this.#recordView(actor, owner.id);
    return bytes;
  }

  /** That somebody is a patient, and looks so, is part of the record. Browsers keep a picture: one entry a device. */
  #recordView(actor: Actor, patientId: string): Promise<void> {
    const facts = { action: 'view', resource: 'profile', resourceId: patientId, patientId, detail: 'avatar' } as const;
    return this.#parts.audit.record(actor, facts);
  }

  async #convert(bytes: Buffer, contentType: string): Promise<Buffer> {
    if (this.#working >= MAX_AT_ONCE) throw new ProductError('unavailable');
    this.#working += 1;
    try {
      return await toAvatar(bytes, contentType);
    } finally {
      this.#working -= 1;
    }
  }

  /** @returns the id of the picture before */
  async #set(actor: Actor, avatarId: string | null): Promise<string | null> {
    const { database, people, audit } = this.#parts;
    const before = await database.transaction(async (transaction) => {
      const replaced = await people.setAvatar(actor.accountId, avatarId, transaction);
      await audit.recordIn(transaction, actor, {
        action: 'change',
        resource: 'profile',
        resourceId: actor.accountId,
        ...(actor.role === 'patient' ? { patientId: actor.accountId } : {}),
        detail: avatarId === null ? 'avatar_removed' : 'avatar_saved',
      });
      return replaced;
    });
    if (actor.role === 'doctor') this.#parts.doctorNews.doctorChanged(actor.accountId);
    return before;
  }
}
