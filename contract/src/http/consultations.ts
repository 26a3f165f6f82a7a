import { z } from 'zod';
import { access } from '../access.ts';
import { appointmentSchema } from '../appointment.ts';
import { documentIdSchema, peerIdSchema } from '../ids.ts';
import { rtpCapabilitiesSchema } from '../media/rtp.ts';
import { defineEndpoint } from './endpoint.ts';

/** A consultation has the id of its appointment. */
const consultationParamsSchema = z.strictObject({ consultationId: documentIdSchema });

/** A STUN or TURN server as `RTCPeerConnection` takes it. */
export const iceServerSchema = z.object({
  urls: z.array(z.string().max(300)).min(1).max(8),
  username: z.string().max(300).exactOptional(),
  credential: z.string().max(300).exactOptional(),
});
export type IceServer = z.infer<typeof iceServerSchema>;

/** What a browser needs to enter the call. The token is good for one use within 60 s. */
export const joinGrantSchema = z.object({
  peerId: peerIdSchema,
  url: z.url().max(300),
  token: z.string().max(4096),
  protocolVersion: z.int().min(1),
  iceServers: z.array(iceServerSchema).max(8),
  routerRtpCapabilities: rtpCapabilitiesSchema,
});
export type JoinGrant = z.infer<typeof joinGrantSchema>;

/** The way into and out of a consultation. */
export const consultationEndpoints = {
  join: defineEndpoint({
    method: 'POST',
    path: '/api/consultations/:consultationId/join',
    summary: 'Ask for a place in the call: for the doctor, the patient and added colleagues while the door is open',
    access: access.roles('doctor', 'patient'),
    params: consultationParamsSchema,
    response: joinGrantSchema,
    status: 200,
    errors: ['not_found', 'forbidden', 'consultation_early', 'consultation_closed', 'media_unavailable', 'draining'],
  }),
  close: defineEndpoint({
    method: 'POST',
    path: '/api/consultations/:consultationId/close',
    summary:
      "The appointment's doctor ends the consultation for everyone; its door stays shut. Before the start only once the patient has come",
    access: access.roles('doctor'),
    params: consultationParamsSchema,
    response: z.object({ appointment: appointmentSchema }),
    status: 200,
    errors: ['not_found', 'forbidden', 'change_not_allowed'],
  }),
} as const;
