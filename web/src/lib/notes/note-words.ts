import { ProductError, type NoteSection } from '@health-connect/contract';
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

/** Why a note is not saved, and would not be later. @param error what the server has refused it with */
export function refusalWords(error: unknown): string {
  switch (error instanceof ProductError ? error.code : undefined) {
    case 'change_not_allowed':
      return m['notes.refusedClosed']();
    case 'forbidden':
    case 'not_found':
      return m['notes.refusedForbidden']();
    default:
      return m['notes.refusedLong']();
  }
}
