import { LocalMedia } from '../local-media.ts';
import { RemotePeers } from '../remote-peers.ts';
import { RoomConnection } from '../room-connection.ts';
import { FakeDevices } from './fake-devices.ts';
import { FakeDevice, type FakeTransport } from './fake-engine.ts';
import { FakeMediaNode, fakeGrant, type FakeMediaSocket } from './fake-media-node.ts';

/** The transport that was made last. */
export function last(transports: readonly FakeTransport[]): FakeTransport {
  const transport = transports.at(-1);
  if (transport === undefined) throw new Error('No transport was made');
  return transport;
}

/** A stay in a room of a node without a network. */
export async function enterFakeRoom(): Promise<{
  connection: RoomConnection;
  node: FakeMediaNode;
  socket: FakeMediaSocket;
  send: FakeTransport;
  peers: RemotePeers;
}> {
  const node = new FakeMediaNode();
  const device = new FakeDevice();
  const peers = RemotePeers.create();
  const parts = { openSocket: node.openSocket, loadDevice: () => Promise.resolve(device) };
  const entering = RoomConnection.join(fakeGrant(), parts, peers, () => undefined);
  node.socket.connect();
  const { connection } = await entering;
  return { connection, node, socket: node.socket, send: last(device.sending), peers };
}

/** This browser's devices with everything allowed. */
export function fakeLocalMedia(): { local: LocalMedia; devices: FakeDevices } {
  const devices = new FakeDevices();
  return { local: LocalMedia.create(devices.asMediaDevices(), localStorage), devices };
}
