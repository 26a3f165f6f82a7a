import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, DIALOGS, screensOf, type Chapter } from '../../support/catalogue.ts';

const SOURCES = join(import.meta.dirname, '..', '..', '..', 'web', 'src');
const CHAPTERS = Object.keys(CATALOGUE) as Chapter[];
const everyScreen = CHAPTERS.flatMap(screensOf);
/** A dialog of its own, or one that asks for a confirmation. */
const OPENS_DIALOG = /from '[^']*\/(Confirm)?Dialog\.svelte'/;

/** The address of a page by its file: folders in brackets only group pages. */
const routeOf = (file: string): string => `/${dirname(file)}`.replaceAll(/\/\.$|\/\([^)]+\)/g, '') || '/';

describe('the catalogue of screens', () => {
  it('has every route of the web app, and none that is gone', () => {
    const routes = globSync('**/+page.svelte', { cwd: join(SOURCES, 'routes') }).map(routeOf);
    const looked = new Set(CHAPTERS.flatMap((chapter) => Object.keys(CATALOGUE[chapter])));
    expect([...looked].sort()).toEqual(routes.sort());
  });

  it('has every dialog of the web app, on a screen that is looked at', () => {
    const isShipped = (file: string): boolean => !file.includes('/testing/') && !file.endsWith('ConfirmDialog.svelte');
    const opening = globSync('**/*.svelte', { cwd: SOURCES })
      .filter(isShipped)
      .filter((file) => OPENS_DIALOG.test(readFileSync(join(SOURCES, file), 'utf8')));
    expect(Object.keys(DIALOGS).sort()).toEqual(opening.sort());
    expect(everyScreen).toEqual(expect.arrayContaining([...new Set(Object.values(DIALOGS))]));
  });

  it('has a test file for every chapter, and each screen once', () => {
    const files = globSync('*.e2e.ts', { cwd: import.meta.dirname });
    expect(files).toEqual(expect.arrayContaining(CHAPTERS.map((chapter) => `${chapter}.e2e.ts`)));
    expect(everyScreen).toHaveLength(new Set(everyScreen).size);
  });
});
