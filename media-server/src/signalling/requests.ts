import {
  mediaRequests,
  validationError,
  type MediaPhase,
  type MediaRequest,
  type MediaRequestData,
  type MediaRequestName,
  type MediaRequestResponse,
} from '@health-connect/contract';
import type { z } from 'zod';
import type { Seat } from '../rooms/registry.ts';

/** What a socket can do before it has a place. */
export interface Entry {
  join(data: MediaRequestData<'join'>): Promise<MediaRequestResponse<'join'>>;
  resume(): Promise<MediaRequestResponse<'resume'>>;
}

/** A request of the protocol with its handler; payloads are `unknown` until the contract's schema has passed them. */
export type BoundRequest =
  | { readonly phase: 'connected'; readonly run: (entry: Entry, payload: unknown) => Promise<object> }
  | { readonly phase: 'joined'; readonly run: (seat: Seat, payload: unknown) => Promise<object> };

interface Declared<F extends MediaPhase, P extends z.ZodObject, R extends z.ZodObject> extends MediaRequest {
  readonly phase: F;
  readonly payload: P;
  readonly response: R;
}

function parsed<P extends z.ZodObject>(schema: P, payload: unknown): z.output<P> {
  const result = schema.safeParse(payload);
  if (!result.success) throw validationError(result.error);
  return result.data;
}

function beforeJoin<P extends z.ZodObject, R extends z.ZodObject>(
  request: Declared<'connected', P, R>,
  handle: (entry: Entry, data: z.output<P>) => Promise<z.input<R>>,
): BoundRequest {
  return {
    phase: 'connected',
    run: async (entry, payload) => request.response.parse(await handle(entry, parsed(request.payload, payload))),
  };
}

function inRoom<P extends z.ZodObject, R extends z.ZodObject>(
  request: Declared<'joined', P, R>,
  handle: (seat: Seat, data: z.output<P>) => Promise<z.input<R>> | z.input<R>,
): BoundRequest {
  return {
    phase: 'joined',
    run: async (seat, payload) => request.response.parse(await handle(seat, parsed(request.payload, payload))),
  };
}

/** Every request of the media protocol. One that is missing here does not compile. */
export const boundRequests: { readonly [N in MediaRequestName]: BoundRequest } = {
  join: beforeJoin(mediaRequests.join, (entry, data) => entry.join(data)),
  resume: beforeJoin(mediaRequests.resume, (entry) => entry.resume()),
  connectTransport: inRoom(mediaRequests.connectTransport, async ({ peer }, data) => {
    await peer.connectTransport(data.transportId, data.dtlsParameters);
    return {};
  }),
  restartIce: inRoom(mediaRequests.restartIce, async ({ peer }, data) => ({
    iceParameters: await peer.restartIce(data.transportId),
  })),
  produce: inRoom(mediaRequests.produce, async ({ peer }, data) => ({ producerId: (await peer.produce(data)).id })),
  pauseProducer: inRoom(mediaRequests.pauseProducer, async ({ peer }, data) => {
    await peer.pauseProducer(data.producerId);
    return {};
  }),
  resumeProducer: inRoom(mediaRequests.resumeProducer, async ({ peer }, data) => {
    await peer.resumeProducer(data.producerId);
    return {};
  }),
  closeProducer: inRoom(mediaRequests.closeProducer, ({ peer }, data) => {
    peer.closeProducer(data.producerId);
    return {};
  }),
  resumeConsumer: inRoom(mediaRequests.resumeConsumer, async ({ peer }, data) => {
    await peer.resumeConsumer(data.consumerId);
    return {};
  }),
  pauseConsumer: inRoom(mediaRequests.pauseConsumer, async ({ peer }, data) => {
    await peer.pauseConsumer(data.consumerId);
    return {};
  }),
  setView: inRoom(mediaRequests.setView, async ({ peer }, data) => {
    await peer.setView(data.tiles);
    return {};
  }),
  leave: inRoom(mediaRequests.leave, ({ peer }) => {
    peer.close('left');
    return {};
  }),
};

/** Whether a name that came over the wire is one of the protocol's. */
export function isMediaRequestName(name: string): name is MediaRequestName {
  return Object.hasOwn(mediaRequests, name);
}
