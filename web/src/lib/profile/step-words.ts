import { m } from '../paraglide/messages.js';
import type { ProfileStep } from './steps.ts';

const TITLES: Readonly<Record<ProfileStep, () => string>> = {
  name: m['profile.name'],
  person: m['profile.person'],
  health: m['profile.health'],
  emergency: m['profile.emergency'],
  practice: m['profile.practice'],
  about: m['profile.about'],
  schedule: m['complete.hours'],
  avatar: m['picture.title'],
};

/** What a step of the profile is called. */
export const stepTitle = (step: ProfileStep): string => TITLES[step]();
