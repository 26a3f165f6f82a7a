import { fakeTrack } from './fake-engine.ts';

type Asked = { readonly deviceId?: { readonly ideal?: string } } | undefined;

/** The browser's devices: every one that is asked for is there, unless a test says otherwise. */
export class FakeDevices extends EventTarget {
  readonly opened: MediaStreamTrack[] = [];
  /** Awaited before an answer is given; rejects in place of the browser. */
  before: () => Promise<undefined> = () => Promise.resolve(undefined);

  async getUserMedia({ audio, video }: MediaStreamConstraints): Promise<MediaStream> {
    await this.before();
    const tracks = [
      ...(audio === undefined ? [] : [fakeTrack('audio', idOf(audio as Asked))]),
      ...(video === undefined ? [] : [fakeTrack('video', idOf(video as Asked))]),
    ];
    this.opened.push(...tracks);
    return { getTracks: () => tracks } as MediaStream;
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve([]);
  }

  /** As the interface that the code under test takes. */
  asMediaDevices(): MediaDevices {
    return this as unknown as MediaDevices;
  }
}

function idOf(asked: Asked): string {
  return asked?.deviceId?.ideal ?? 'default';
}
