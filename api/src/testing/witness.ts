import { notificationSchema, type Notification } from '@health-connect/contract';
import { vi } from 'vitest';
import { z } from 'zod';
import type { MailMessage } from '../mail/message.ts';
import { AppSocketClient } from './app-socket-client.ts';
import { readCalendar, type ReadEntry } from './calendar-reader.ts';
import type { TestNews } from './test-news.ts';
import type { Person, TestServer } from './test-server.ts';

const pageSchema = z.object({ notifications: z.array(notificationSchema), unread: z.number() });
const addedSchema = z.object({ notification: notificationSchema, unread: z.number() });
const changedSchema = z.object({ appointmentId: z.string() });

/** Everything that one side has got to know by one change. */
export interface Witnessed {
  /** What is stored under the bell, newest first. */
  readonly lines: readonly Notification[];
  readonly unread: number;
  /** What open pages were told. */
  readonly added: readonly z.infer<typeof addedSchema>[];
  readonly changedIds: readonly string[];
  readonly mails: readonly MailMessage[];
  /** The calendar entries of those mails, as another program reads them. */
  readonly entries: readonly ReadEntry[];
}

/** One side of an appointment with an open page, an inbox and a bell. */
export class Witness {
  readonly person: Person;
  readonly cookie: string;
  readonly #server: TestServer;
  readonly #news: TestNews;
  readonly #socket: AppSocketClient;
  readonly #added: z.infer<typeof addedSchema>[] = [];
  readonly #changedIds: string[] = [];
  readonly #seen: Set<string>;

  private constructor(
    parts: { server: TestServer; news: TestNews },
    person: Person,
    { cookie, socket, seen }: { cookie: string; socket: AppSocketClient; seen: Iterable<string> },
  ) {
    this.person = person;
    this.cookie = cookie;
    this.#server = parts.server;
    this.#news = parts.news;
    this.#socket = socket;
    this.#seen = new Set(seen);
    socket.socket.on('notification.added', (payload) => this.#added.push(addedSchema.parse(payload)));
    socket.socket.on('appointment.changed', (payload) =>
      this.#changedIds.push(changedSchema.parse(payload).appointmentId),
    );
  }

  /** Signs somebody in and opens their page. What they were told before is not looked at again. */
  static async of(server: TestServer, news: TestNews, person: Person): Promise<Witness> {
    const cookie = await server.signIn(person);
    const socket = await AppSocketClient.connect(server.url, cookie);
    const lines = await linesOf(server, cookie);
    const mails = await news.mailsTo(person.email);
    const seen = [...lines.notifications.map(({ id }) => id), ...mails.map(({ messageId }) => messageId)];
    return new Witness({ server, news }, person, { cookie, socket, seen });
  }

  /** What is new since the last call, once the open page knows of as many lines as are stored. */
  async take(): Promise<Witnessed> {
    const { notifications, unread } = await linesOf(this.#server, this.cookie);
    const lines = this.#unseen(notifications, ({ id }) => id);
    await vi.waitFor(() => {
      if (this.#added.length < lines.length) throw new Error(`The page was told of ${this.#added.length} lines only`);
    }, 3000);
    const mails = this.#unseen(await this.#news.mailsTo(this.person.email), ({ messageId }) => messageId);
    const entries = mails.flatMap(({ calendar }) => (calendar === undefined ? [] : [readCalendar(calendar.content)]));
    const [added, changedIds] = [this.#added.splice(0), this.#changedIds.splice(0)];
    return { lines, unread, added, changedIds, mails, entries };
  }

  close(): void {
    this.#socket.close();
  }

  #unseen<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
    const fresh = items.filter((item) => !this.#seen.has(keyOf(item)));
    for (const item of fresh) this.#seen.add(keyOf(item));
    return fresh;
  }
}

async function linesOf(server: TestServer, cookie: string): Promise<z.infer<typeof pageSchema>> {
  return pageSchema.parse(await (await server.call('GET', '/api/notifications', { cookie })).json());
}
