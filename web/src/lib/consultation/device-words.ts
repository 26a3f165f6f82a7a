import { m } from '#lib/paraglide/messages.js';
import type { DeviceKind, DeviceProblem } from '../call/device-problem.ts';
import type { DeviceOption } from '../call/local-media.ts';

/** "camera", "microphone" or both, inside a sentence. */
export function partWords(kinds: readonly DeviceKind[]): string {
  if (kinds.length > 1) return m['part.both']();
  return kinds[0] === 'camera' ? m['part.camera']() : m['part.microphone']();
}

/** What happened to a device, and what to do. */
export function problemWords({ cause, kinds }: DeviceProblem): string {
  const part = partWords(kinds);
  switch (cause) {
    case 'blocked':
      return kinds.length > 1 ? m['perm.blocked']() : m['perm.blockedOne']({ part });
    case 'system':
      return m['perm.system']({ part });
    case 'none':
      return m['dev.none']({ part });
    case 'busy':
      return m['dev.busy']({ part });
    case 'unsuitable':
      return m['dev.unsuitable']({ part });
    case 'insecure':
      return m['dev.insecure']();
    case 'old-browser':
      return m['dev.oldBrowser']();
    case 'unknown':
      return m['dev.unknown']({ part });
  }
}

const KIND_WORDS = {
  camera: () => m['device.camera'](),
  microphone: () => m['device.microphone'](),
  speaker: () => m['device.speaker'](),
};

/** The name of a kind of device. */
export function kindWords(kind: DeviceOption['kind']): string {
  return KIND_WORDS[kind]();
}

/** The name of a device; browsers hide names until access was given. */
export function optionWords(option: DeviceOption, index: number): string {
  return option.label === '' ? m['device.numbered']({ kind: kindWords(option.kind), n: index + 1 }) : option.label;
}
