import { asStored, NOTE_SECTIONS, type NoteContent, type NoteSection } from '@health-connect/contract';

/** Most characters of each part, as the server takes them. */
export const SECTION_LENGTHS = {
  subjective: 10_000,
  objective: 10_000,
  assessment: 10_000,
  plan: 10_000,
  text: 20_000,
} as const satisfies Readonly<Record<NoteSection, number>>;

/** Pasted text may hold signs that cannot be shown; the server takes none of them. */
export const withoutControls = (text: string): string => text.replaceAll(/[^\P{Cc}\n\r\t]/gu, '');

/** Parts in which two contents differ; the server leaves out of what it stores what nobody sees. */
export function differences(one: NoteContent, other: NoteContent): NoteSection[] {
  return NOTE_SECTIONS.filter((section) => asStored(one[section]) !== asStored(other[section]));
}

export const isSameContent = (one: NoteContent, other: NoteContent): boolean => differences(one, other).length === 0;

export const isAmong = (contents: readonly NoteContent[], content: NoteContent): boolean =>
  contents.some((each) => isSameContent(each, content));

export const isBlank = (content: NoteContent): boolean =>
  NOTE_SECTIONS.every((section) => content[section].trim() === '');

/** Both, one below the other in each part in which they differ, as far as there is room. */
export function joined(mine: NoteContent, theirs: NoteContent): NoteContent {
  const both = (section: NoteSection): string => {
    const [first, second] = [asStored(mine[section]), asStored(theirs[section])];
    if (first === second || second === '' || first.includes(second)) return mine[section];
    if (first === '') return theirs[section];
    const text = `${first}\n\n${second}`;
    return text.length > SECTION_LENGTHS[section] ? mine[section] : text;
  };
  return {
    subjective: both('subjective'),
    objective: both('objective'),
    assessment: both('assessment'),
    plan: both('plan'),
    text: both('text'),
  };
}
