import { consultationEndpoints } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { openMediaSocket } from '../realtime/media-socket.ts';
import { CallSession } from './call-session.ts';
import type { CallSnapshot } from './call-snapshot.ts';
import { storedDeviceChoice, storeDeviceChoice } from './device-choice.ts';
import type { DeviceKind, DeviceProblem } from './device-problem.ts';
import { importEngine, loadBrowserDevice } from './engine.ts';
import { LocalMedia, type DeviceOption } from './local-media.ts';

/** What the interface shows of the own devices. */
export interface LocalSnapshot {
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  readonly interrupted: boolean;
  readonly options: readonly DeviceOption[];
  readonly chosen: Readonly<Partial<Record<DeviceKind, string>>>;
  /** Change with the tracks: elements attach anew. */
  readonly cameraId: string | undefined;
  readonly microphoneId: string | undefined;
}

/** The reactive face of one stay in a call. The session and the local media are plain objects behind it (R51). */
export class CallView {
  readonly session: CallSession;
  readonly local: LocalMedia;
  #snapshot = $state.raw<CallSnapshot>() as CallSnapshot;
  #own = $state.raw<LocalSnapshot>() as LocalSnapshot;
  /** Problems with devices since they were last asked for. */
  #problems = $state.raw<readonly DeviceProblem[]>([]);
  /** The browser holds the sound back until a press. */
  soundBlocked = $state(false);
  /** Where the sound goes, by device id; the system's choice when undefined. */
  #speaker = $state<string | undefined>();

  private constructor(session: CallSession, local: LocalMedia) {
    this.session = session;
    this.local = local;
    this.#speaker = storedDeviceChoice(localStorage).speaker;
    this.#snapshot = session.snapshot;
    this.#own = this.#readLocal();
    session.on('changed', (snapshot) => (this.#snapshot = snapshot));
    local.on('changed', () => (this.#own = this.#readLocal()));
    local.on('problem', (problem) => (this.#problems = [...this.#problems, problem]));
    session.prepare();
  }

  static create(call: ApiCall, consultationId: string): CallView {
    const local = LocalMedia.create(globalThis.navigator.mediaDevices, localStorage);
    // Joining asks again; a failure now is not yet a problem.
    importEngine().catch(() => undefined);
    const askGrant = () => call(consultationEndpoints.join, { params: { consultationId } });
    const options = { askGrant, openSocket: openMediaSocket, loadDevice: loadBrowserDevice, local };
    return new CallView(CallSession.create(options), local);
  }

  get snapshot(): CallSnapshot {
    return this.#snapshot;
  }

  get own(): LocalSnapshot {
    return this.#own;
  }

  get problems(): readonly DeviceProblem[] {
    return this.#problems;
  }

  get speaker(): string | undefined {
    return this.#speaker;
  }

  /** Asks for devices anew; earlier problems are forgotten. */
  async open(kinds: readonly DeviceKind[]): Promise<void> {
    this.#problems = this.#problems.filter((problem) => !problem.kinds.some((kind) => kinds.includes(kind)));
    await this.local.open(kinds);
  }

  async toggle(kind: DeviceKind): Promise<void> {
    this.#problems = this.#problems.filter((problem) => !problem.kinds.includes(kind));
    if (kind === 'microphone') await this.local.setMicrophone(!this.#own.microphoneOn);
    else await this.local.setCamera(!this.#own.cameraOn);
  }

  chooseSpeaker(deviceId: string): void {
    this.#speaker = deviceId;
    storeDeviceChoice(localStorage, { speaker: deviceId });
  }

  close(): void {
    this.session.close();
  }

  #readLocal(): LocalSnapshot {
    const { local } = this;
    const chosen = { microphone: local.chosen('microphone'), camera: local.chosen('camera') };
    return {
      microphoneOn: local.isOn('microphone'),
      cameraOn: local.isOn('camera'),
      interrupted: local.interrupted,
      options: local.options,
      chosen: {
        ...(chosen.microphone === undefined ? {} : { microphone: chosen.microphone }),
        ...(chosen.camera === undefined ? {} : { camera: chosen.camera }),
      },
      cameraId: local.track('camera')?.id,
      microphoneId: local.track('microphone')?.id,
    };
  }
}
