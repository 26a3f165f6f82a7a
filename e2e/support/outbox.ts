import { outboxEndpoints } from '@health-connect/contract';
import type { Person } from './person.ts';
import { waitFor } from './wait.ts';

/** The link to `path` in the newest mail to somebody, as an administrator finds it in the outbox. Waits for the mail. */
export async function linkInMail(administrator: Person, to: string, path: string): Promise<string> {
  const { list } = outboxEndpoints;
  return waitFor(
    `a mail to ${to} with a link to ${path}`,
    async () => {
      const { mails } = list.response.parse((await administrator.request(list.method, list.path)).body);
      const texts = mails.filter((mail) => mail.to === to).map(({ text }) => text);
      const links = texts.flatMap((text) => text.match(/https?:\S+/g) ?? []);
      return links.find((link) => new URL(link).pathname === path) ?? '';
    },
    (link) => link !== '',
  );
}
