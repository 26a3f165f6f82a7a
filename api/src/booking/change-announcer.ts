import type { AppointmentNews, AppointmentNewsDesk, FreedTime } from '../appointments/appointment-news.ts';
import { publishAppointmentChange } from '../appointments/appointment.publish.ts';
import type { CallOrders } from '../appointments/call-orders.ts';
import type { SlotNews } from '../availability/slot-news.ts';
import type { Clock } from '../clock.ts';
import type { EventPublisher } from '../realtime/publisher.ts';

export interface AnnouncerParts {
  readonly calls: Pick<CallOrders, 'deliver'>;
  readonly news: Pick<AppointmentNewsDesk, 'announce'>;
  readonly slotNews: SlotNews;
  readonly events: EventPublisher;
  readonly clock: Clock;
}

/** Tells open pages, the directory and media nodes about changes of appointments that have been committed. */
export class ChangeAnnouncer {
  readonly #parts: AnnouncerParts;

  private constructor(parts: AnnouncerParts) {
    this.#parts = parts;
  }

  static create(parts: AnnouncerParts): ChangeAnnouncer {
    return new ChangeAnnouncer(parts);
  }

  async announce(news: AppointmentNews): Promise<void> {
    const { events, slotNews, calls, clock } = this.#parts;
    for (const one of [news.appointment, news.replaced, news.withdrawn, news.standing]) {
      if (one !== undefined) publishAppointmentChange(events, one);
    }
    for (const { doctorId, startsAt, endsAt } of timesChangedBy(news)) {
      // What is over is neither free nor taken.
      if (endsAt.getTime() > clock.now()) slotNews.changed(doctorId, startsAt, endsAt);
    }
    this.#parts.news.announce(news);
    for (const one of [news.appointment, ...(news.replaced === undefined ? [] : [news.replaced])]) {
      if (one.closedAt !== null) await calls.deliver(one.id);
    }
  }
}

/** Whose time became taken or free: what is confirmed was taken before. */
function timesChangedBy({ change, appointment, replaced, withdrawn, freed = [] }: AppointmentNews): FreedTime[] {
  const ended = [replaced, withdrawn].filter((one) => one !== undefined);
  return [...(change === 'confirm' ? [] : [appointment]), ...ended, ...freed];
}
