import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { AvatarService } from './avatar.service.ts';
import type { ProfileService } from './profile.service.ts';

/** The own profile, and pictures. */
export function profileRoutes(profiles: ProfileService, avatars: AvatarService): Binding[] {
  return [
    bind(endpoints.profile.own, ({ actor }) => profiles.own(actor)),
    bind(endpoints.profile.save, ({ actor, body }) => profiles.save(actor, body.change)),
    bind(endpoints.profile.saveTimeZone, async ({ actor, body }) => {
      await profiles.saveTimeZone(actor, body.timeZone);
      return {};
    }),
    bind(endpoints.profile.saveAvatar, async ({ actor, upload }) => ({ avatarId: await avatars.save(actor, upload) })),
    bind(endpoints.profile.removeAvatar, async ({ actor }) => {
      await avatars.remove(actor);
      return {};
    }),
    bind(endpoints.profile.avatar, ({ actor, params }) => avatars.read(actor, params.avatarId)),
  ];
}
