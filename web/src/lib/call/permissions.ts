import type { DeviceKind } from './device-problem.ts';

/** Those devices that this page may already use without asking. */
export async function allowedKinds(kinds: readonly DeviceKind[]): Promise<DeviceKind[]> {
  const states = await Promise.all(
    kinds.map((name) =>
      // Firefox before 131 knows no such permission names.
      navigator.permissions.query({ name }).then(
        ({ state }) => state,
        () => 'prompt',
      ),
    ),
  );
  return kinds.filter((_kind, index) => states[index] === 'granted');
}
