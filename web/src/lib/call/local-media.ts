import { Emitter, type Unsubscribe } from '../emitter.ts';
import { storedDeviceChoice, storeDeviceChoice } from './device-choice.ts';
import { causeOf, environmentProblem, type DeviceKind, type DeviceProblem } from './device-problem.ts';
import { allowedKinds } from './permissions.ts';

/** A device that can be chosen. */
export interface DeviceOption {
  readonly kind: DeviceKind | 'speaker';
  readonly id: string;
  /** Empty until access was given. */
  readonly label: string;
}

type Events = {
  /** Tracks, switches or the list of devices changed. */
  changed: undefined;
  /** A device went away and another took its place. */
  switched: { kind: DeviceKind; label: string };
  problem: DeviceProblem;
};

const KIND_OF_INFO = { audioinput: 'microphone', videoinput: 'camera', audiooutput: 'speaker' } as const;
const KINDS: readonly DeviceKind[] = ['microphone', 'camera'];

/**
 * The camera and the microphone of this browser. Owner of their tracks: it alone opens and stops them.
 * Camera off stops the track, so that the camera's light goes out; muting only disables the microphone's.
 */
export class LocalMedia {
  readonly #devices: MediaDevices | undefined;
  readonly #storage: Storage;
  readonly #events = new Emitter<Events>();
  readonly #tracks = new Map<DeviceKind, MediaStreamTrack>();
  /** What the person wants, also while a device is on its way. */
  readonly #on: Record<DeviceKind, boolean> = { microphone: false, camera: false };
  /** Raised by each request for a device: an answer to an older one is thrown away. */
  readonly #requests: Record<DeviceKind, number> = { microphone: 0, camera: 0 };
  #options: readonly DeviceOption[] = [];
  #interrupted = false;
  #closed = false;

  private constructor(devices: MediaDevices | undefined, storage: Storage) {
    this.#devices = devices;
    this.#storage = storage;
    devices?.addEventListener('devicechange', this.#refreshOptions);
  }

  static create(devices: MediaDevices | undefined, storage: Storage): LocalMedia {
    return new LocalMedia(devices, storage);
  }

  on<N extends keyof Events>(name: N, listener: (payload: Events[N]) => void): Unsubscribe {
    return this.#events.on(name, listener);
  }

  track(kind: DeviceKind): MediaStreamTrack | undefined {
    return this.#tracks.get(kind);
  }

  /** Whether the person wants it to be on, and it is. */
  isOn(kind: DeviceKind): boolean {
    return this.#on[kind] && this.#tracks.has(kind);
  }

  /** The system took the microphone, for example for a phone call. */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  get options(): readonly DeviceOption[] {
    return this.#options;
  }

  /** Id of the device in use, or of the remembered one. */
  chosen(kind: DeviceKind): string | undefined {
    return this.#tracks.get(kind)?.getSettings().deviceId ?? storedDeviceChoice(this.#storage)[kind];
  }

  /**
   * Opens what is wanted and switches it on, in one question to the person; what cannot be had is left out and reported
   * as a problem. Must be called from a press, which also unlocks sound on Safari.
   */
  async open(kinds: readonly DeviceKind[] = KINDS): Promise<void> {
    for (const kind of kinds) this.#switch(kind, true);
    await this.#open(kinds);
  }

  /** Mutes or unmutes; asks for the microphone when there is none yet. */
  async setMicrophone(on: boolean): Promise<void> {
    const track = this.#tracks.get('microphone');
    if (on && track === undefined) return this.open(['microphone']);
    this.#switch('microphone', on);
    this.#events.emit('changed', undefined);
  }

  /** Starts the camera, or stops it so that its light goes out. */
  async setCamera(on: boolean): Promise<void> {
    if (on) return this.open(['camera']);
    this.#requests.camera += 1;
    this.#on.camera = false;
    this.#drop('camera');
    this.#events.emit('changed', undefined);
  }

  /** Changes to another device and remembers it. What is off stays off: the new microphone of a muted person is muted. */
  async choose(kind: DeviceKind, deviceId: string): Promise<void> {
    storeDeviceChoice(this.#storage, { [kind]: deviceId });
    if (!this.#tracks.has(kind)) {
      this.#events.emit('changed', undefined);
      return;
    }
    // Phones open one camera at a time.
    this.#drop(kind);
    await this.#open([kind]);
  }

  /** Takes the microphone back after the system gave it to something else. */
  async recoverMicrophone(): Promise<void> {
    this.#drop('microphone');
    await this.open(['microphone']);
  }

  /** Stops every track and listens no more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#devices?.removeEventListener('devicechange', this.#refreshOptions);
    for (const kind of KINDS) this.#drop(kind);
    this.#events.emit('changed', undefined);
    this.#events.clear();
  }

  async #open(kinds: readonly DeviceKind[]): Promise<void> {
    const cause = environmentProblem(isSecureContext, this.#devices !== undefined, 'RTCPeerConnection' in globalThis);
    if (cause !== undefined) {
      this.#events.emit('problem', { cause, kinds });
      return;
    }
    const asked = new Map(kinds.map((kind) => [kind, this.#requests[kind] + 1]));
    try {
      await this.#acquire(kinds);
    } catch (error) {
      const stillAsked = kinds.filter((kind) => this.#requests[kind] === asked.get(kind));
      if (stillAsked.length > 0) await this.#openOneByOne(stillAsked, error);
    }
    await this.#readOptions();
  }

  async #openOneByOne(kinds: readonly DeviceKind[], error: unknown): Promise<void> {
    const cause = causeOf(error);
    const single = kinds.length === 1;
    // After a refusal only what is already allowed is tried: asking twice would be nagging.
    const candidates = single ? [] : cause === 'blocked' ? await allowedKinds(kinds) : kinds;
    const failed = new Map<DeviceKind, unknown>(kinds.map((kind) => [kind, error]));
    for (const kind of candidates) {
      try {
        await this.#acquire([kind]);
        failed.delete(kind);
      } catch (alone) {
        failed.set(kind, alone);
      }
    }
    const causes = new Map([...failed].map(([kind, reason]) => [kind, causeOf(reason)]));
    for (const kind of causes.keys()) this.#switch(kind, false);
    for (const each of new Set(causes.values())) {
      this.#events.emit('problem', {
        cause: each,
        kinds: [...causes].filter(([, of]) => of === each).map(([kind]) => kind),
      });
    }
    this.#events.emit('changed', undefined);
  }

  async #acquire(kinds: readonly DeviceKind[]): Promise<void> {
    if (this.#devices === undefined) throw new TypeError('No devices');
    const request = new Map(kinds.map((kind) => [kind, (this.#requests[kind] += 1)]));
    const choice = storedDeviceChoice(this.#storage);
    const stream = await this.#devices.getUserMedia({
      ...(kinds.includes('microphone') ? { audio: microphoneConstraints(choice.microphone) } : {}),
      ...(kinds.includes('camera') ? { video: cameraConstraints(choice.camera) } : {}),
    });
    for (const track of stream.getTracks()) {
      const kind = track.kind === 'audio' ? 'microphone' : 'camera';
      if (this.#closed || this.#requests[kind] !== request.get(kind)) track.stop();
      else this.#keep(kind, track);
    }
    this.#events.emit('changed', undefined);
  }

  #keep(kind: DeviceKind, track: MediaStreamTrack): void {
    this.#drop(kind);
    this.#tracks.set(kind, track);
    this.#switch(kind, this.#on[kind]);
    track.contentHint = kind === 'microphone' ? 'speech' : 'motion';
    track.addEventListener('ended', this.#onEnded);
    if (kind !== 'microphone') return;
    this.#interrupted = track.muted;
    track.addEventListener('mute', this.#onInterrupted);
    track.addEventListener('unmute', this.#onInterrupted);
  }

  #switch(kind: DeviceKind, on: boolean): void {
    this.#on[kind] = on;
    const track = kind === 'microphone' ? this.#tracks.get(kind) : undefined;
    if (track !== undefined) track.enabled = on;
  }

  #drop(kind: DeviceKind): void {
    const track = this.#tracks.get(kind);
    if (track === undefined) return;
    for (const name of ['mute', 'unmute']) track.removeEventListener(name, this.#onInterrupted);
    track.removeEventListener('ended', this.#onEnded);
    track.stop();
    this.#tracks.delete(kind);
    if (kind === 'microphone') this.#interrupted = false;
  }

  readonly #onInterrupted = (): void => {
    this.#interrupted = this.#tracks.get('microphone')?.muted ?? false;
    this.#events.emit('changed', undefined);
  };

  /** Unplugged, or access was taken away: the next best device takes over. */
  readonly #onEnded = (event: Event): void => {
    const kind = KINDS.find((each) => this.#tracks.get(each) === event.target);
    if (kind === undefined) return;
    const wasOn = this.#on[kind];
    this.#drop(kind);
    this.#events.emit('changed', undefined);
    if (wasOn) void this.#replace(kind);
  };

  async #replace(kind: DeviceKind): Promise<void> {
    await this.open([kind]);
    const track = this.#tracks.get(kind);
    if (track !== undefined) this.#events.emit('switched', { kind, label: track.label });
  }

  readonly #refreshOptions = (): void => void this.#readOptions();

  async #readOptions(): Promise<void> {
    if (this.#devices === undefined || this.#closed) return;
    const infos = await this.#devices.enumerateDevices();
    this.#options = infos
      .filter(({ deviceId }) => deviceId !== '')
      .map(({ kind, deviceId, label }) => ({ kind: KIND_OF_INFO[kind], id: deviceId, label }));
    this.#events.emit('changed', undefined);
  }
}

function microphoneConstraints(deviceId: string | undefined): MediaTrackConstraints {
  return {
    // R12: no echo. On by default in browsers, but not everywhere.
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    channelCount: { ideal: 1 },
    ...(deviceId === undefined ? {} : { deviceId: { ideal: deviceId } }),
  };
}

function cameraConstraints(deviceId: string | undefined): MediaTrackConstraints {
  return {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30, max: 30 },
    ...(deviceId === undefined ? { facingMode: 'user' } : { deviceId: { ideal: deviceId } }),
  };
}
