import { bindRequest, type RequestBinding } from '../realtime/request-binding.ts';
import type { PresenceService } from './presence.service.ts';

/** Being told who is in a call. */
export function consultationRequests(presence: PresenceService): RequestBinding[] {
  return [
    bindRequest('consultation.watch', async ({ payload, actor, watcher }) => {
      const { consultationId } = payload;
      await presence.requireParty(actor, consultationId);
      watcher.watch(consultationId);
      try {
        // Read after the watch has begun, so that no change falls between; and asked again whether they still may.
        return await presence.asParty(actor, consultationId);
      } catch (error) {
        watcher.unwatch(consultationId);
        throw error;
      }
    }),
    bindRequest('consultation.unwatch', ({ payload, watcher }) => {
      watcher.unwatch(payload.consultationId);
      return Promise.resolve({});
    }),
  ];
}
