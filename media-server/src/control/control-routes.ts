import { controlRequests, validationError, type NodeStatus } from '@health-connect/contract';
import { z } from 'zod';
import type { RoomRegistry } from '../rooms/registry.ts';
import type { AdmissionDesk } from '../signalling/admission.ts';

export interface ControlServices {
  readonly registry: RoomRegistry;
  readonly desk: AdmissionDesk;
  readonly status: () => Promise<NodeStatus>;
  readonly drain: () => void;
}

/** A control request with its handler, ready to be matched against a method and a path. */
export interface ControlRoute {
  readonly method: string;
  readonly path: RegExp;
  readonly run: (params: unknown, body: unknown) => Promise<object>;
}

const nothing = z.unknown();

function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw validationError(result.error);
  return result.data;
}

function bind<P extends z.ZodType, B extends z.ZodType, R extends z.ZodObject>(
  request: { readonly method: string; readonly path: string; readonly response: R },
  accepts: { readonly params: P; readonly body: B },
  handle: (params: z.output<P>, body: z.output<B>) => Promise<z.input<R>> | z.input<R>,
): ControlRoute {
  const pattern = request.path.replace(/:([A-Za-z]+)/g, '(?<$1>[^/]+)');
  return {
    method: request.method,
    path: new RegExp(`^${pattern}$`),
    run: async (params, body) =>
      request.response.parse(await handle(parsed(accepts.params, params), parsed(accepts.body, body))),
  };
}

/** Every control request. One that is missing here does not compile. */
export function controlRoutes(services: ControlServices): {
  readonly [N in keyof typeof controlRequests]: ControlRoute;
} {
  const { registry, desk } = services;
  const { status, closeRoom, removeParticipant, muteParticipant, drain } = controlRequests;
  return {
    status: bind(status, { params: nothing, body: nothing }, () => services.status()),
    closeRoom: bind(closeRoom, { params: closeRoom.params, body: nothing }, async ({ roomId }) => {
      desk.voidRoom(roomId);
      await registry.closeRoom(roomId);
      return {};
    }),
    removeParticipant: bind(
      removeParticipant,
      { params: removeParticipant.params, body: nothing },
      ({ roomId, participantId }) => {
        desk.voidParticipant(roomId, participantId);
        registry.removeParticipant(roomId, participantId);
        return {};
      },
    ),
    muteParticipant: bind(
      muteParticipant,
      { params: muteParticipant.params, body: muteParticipant.body },
      async ({ roomId, participantId }, { sources }) => {
        await registry.mute(roomId, participantId, sources);
        return {};
      },
    ),
    drain: bind(drain, { params: nothing, body: nothing }, () => {
      services.drain();
      return {};
    }),
  };
}
