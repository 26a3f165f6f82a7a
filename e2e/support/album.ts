import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { screensOf, type Chapter } from './catalogue.ts';
import { inspect, inspectMirrored, inspectNarrow, LOOKS } from './screens.ts';

const FOLDER = join(import.meta.dirname, '..', 'output');

/** The pictures of one chapter of the catalogue. Knows which of its screens nobody has looked at yet. */
export class Album {
  readonly #owed: Set<string>;

  private constructor(chapter: Chapter) {
    this.#owed = new Set(screensOf(chapter));
  }

  /** Begins a chapter. */
  static async open(chapter: Chapter): Promise<Album> {
    await mkdir(FOLDER, { recursive: true });
    return new Album(chapter);
  }

  /** The screens of the chapter that were not looked at. */
  get owed(): string[] {
    return [...this.#owed];
  }

  /**
   * Looks at the page as it is on phone and desktop, in light and dark, mirrored as right-to-left languages have it, and
   * where there is least room for its words.
   * Keeps a picture of each.
   * @returns what is wrong with it; `[]` when nothing is
   * @throws RangeError when the catalogue does not have this screen in the chapter, or it was looked at before
   */
  async look(page: Page, screen: string): Promise<string[]> {
    if (!this.#owed.delete(screen)) throw new RangeError(`The chapter has no screen ${screen} left`);
    const picture = (look: string) => page.screenshot({ path: join(FOLDER, `${screen}-${look}.png`) });
    const problems = await inspectMirrored(page, () => picture('mirrored'));
    problems.push(...(await inspectNarrow(page, picture)));
    for (const look of LOOKS) {
      problems.push(...(await inspect(page, look)));
      await picture(look.name);
    }
    return problems;
  }
}
