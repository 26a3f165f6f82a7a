import { describe, expect, it } from 'vitest';
import { RemotePeers, sourcesOf } from './remote-peers.ts';
import { orderTiles } from './tile-order.ts';

const doctor = { id: 'd', name: 'Dr Lima', party: 'doctor' as const, reachable: true };
const colleague = { id: 'c', name: 'Dr Okoye', party: 'colleague' as const, reachable: true };

describe('remote peers', () => {
  it('keep what somebody sends when the server repeats the list', () => {
    const peers = RemotePeers.create();
    peers.add(doctor);
    peers.setTrack('d', 'camera', { consumerId: '1', paused: false });
    peers.replaceAll([doctor, colleague]);
    expect(peers.get('d')?.tracks.camera).toEqual({ consumerId: '1', paused: false });
    peers.replaceAll([colleague]);
    expect(peers.get('d')).toBeUndefined();
  });

  it('find the owner of a consumer for pause, resume and end', () => {
    const peers = RemotePeers.create();
    peers.add(doctor);
    peers.setTrack('d', 'microphone', { consumerId: '2', paused: false });
    peers.setPaused('2', true);
    expect(peers.get('d')?.tracks.microphone?.paused).toBe(true);
    peers.setPaused('unknown', true);
    peers.dropTrack('2');
    const after = peers.get('d');
    expect(after && sourcesOf(after)).toEqual([]);
  });

  it('ignore tracks of people who are not there', () => {
    const peers = RemotePeers.create();
    peers.setTrack('nobody', 'camera', { consumerId: '1', paused: false });
    expect(peers.list()).toEqual([]);
  });

  it('keep people in place while their tracks are gone', () => {
    const peers = RemotePeers.create();
    peers.add(doctor);
    peers.setTrack('d', 'camera', { consumerId: '1', paused: false });
    peers.dropAllTracks();
    expect(peers.list()).toEqual([{ ...doctor, tracks: {} }]);
  });

  it('show the doctor and the patient first, the others as they came', () => {
    const tiles = orderTiles([
      { ...colleague, tracks: {} },
      { ...doctor, tracks: {} },
    ]);
    expect(tiles.map(({ id }) => id)).toEqual(['d', 'c']);
  });
});
