import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { linkAddress } from '@health-connect/contract';
import type { Config } from '../config.ts';
import { writeAtomically } from '../secrets/secret-file.ts';
import type { InvitationService } from './invitation.service.ts';

/** Where the one-time link of an empty installation is kept, below the data folder. `npm start` prints it. */
export const FIRST_ADMINISTRATOR_FILE = 'first-administrator-link.txt';

interface Parts {
  readonly invitations: InvitationService;
  readonly config: Pick<Config, 'dataDir' | 'publicUrl'>;
}

/**
 * While an installation has no administrator, writes a link by which the one who runs the machine becomes it, readable
 * by the server's user only. Each start makes a new link and voids the one before. With an administrator, removes it.
 */
export async function offerFirstAdministrator({ invitations, config }: Parts): Promise<void> {
  const token = await invitations.firstAdministratorToken();
  if (token === undefined) return withdrawFirstAdministrator(config);
  const address = linkAddress(config.publicUrl, 'acceptInvitation', token);
  await writeAtomically(join(config.dataDir, FIRST_ADMINISTRATOR_FILE), `${address}\n`);
}

/** Removes the file once its link is of no use. */
export async function withdrawFirstAdministrator({ dataDir }: Pick<Config, 'dataDir'>): Promise<void> {
  await rm(join(dataDir, FIRST_ADMINISTRATOR_FILE), { force: true });
}
