import type { Profile, ProfileChange } from '@health-connect/contract';
import type { Snippet } from 'svelte';

/** What the form of one step gets. */
export interface StepFormProps<R extends Profile['role']> {
  readonly profile: Extract<Profile, { role: R }>;
  /** Saves some fields; what it throws is told in the form. */
  readonly save: (change: ProfileChange) => Promise<void>;
  /** Beside the button: "Skip". */
  readonly actions: Snippet;
}
