import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';

/** About a tenth of the share of others: little beside them, and still a sign-in within a second when all cores are busy. */
const NICENESS = 10;

/**
 * Lets everything else on the machine go before this process. Linux shares its time between sessions first (`autogroup`
 * in sched(7)), and a priority counts only among processes of one session: a process that leads a session of its own is
 * given a low weight for all of it, so that it stands behind the database and the media server, too.
 */
export async function runInBackground(pid: number): Promise<void> {
  setPriority(pid, NICENESS);
  try {
    await writeFile(`/proc/${pid}/autogroup`, String(NICENESS));
  } catch {
    // Not Linux, or sessions do not share time there (containers have weights of their own): the priority is all there is.
  }
}
