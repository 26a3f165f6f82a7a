import type { NoteSection } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';

/** The heading of a part of a note. */
export function sectionName(section: NoteSection): string {
  switch (section) {
    case 'subjective':
      return m['notes.subjective']();
    case 'objective':
      return m['notes.objective']();
    case 'assessment':
      return m['notes.assessment']();
    case 'plan':
      return m['notes.plan']();
    case 'text':
      return m['notes.text']();
  }
}

/** What belongs there, for who writes. */
export function sectionHelp(section: NoteSection): string {
  switch (section) {
    case 'subjective':
      return m['notes.subjectiveHelp']();
    case 'objective':
      return m['notes.objectiveHelp']();
    case 'assessment':
      return m['notes.assessmentHelp']();
    case 'plan':
      return m['notes.planHelp']();
    case 'text':
      return m['notes.textHelp']();
  }
}
