import { writeFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';

const LOWEST_WEIGHT = '19';

/**
 * Lets everything else on the machine go before this process. Linux shares its time between sessions first (`autogroup`
 * in sched(7)), and a priority counts only among processes of one session: a process that leads a session of its own is
 * given a low weight for all of it, so that it stands behind the database and the media server, too.
 */
export async function runInBackground(pid: number): Promise<void> {
  setPriority(pid, constants.priority.PRIORITY_LOW);
  try {
    await writeFile(`/proc/${pid}/autogroup`, LOWEST_WEIGHT);
  } catch {
    // Not Linux, or sessions do not share time there (containers have weights of their own): the priority is all there is.
  }
}
