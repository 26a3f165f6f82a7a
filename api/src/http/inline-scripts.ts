import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SCRIPT = /<script\b([^>]*)>([\s\S]*?)<\/script>/gi;

/** CSP sources of the scripts that stand in a page itself: the hash of each. */
export function inlineScriptSources(html: string): string[] {
  return [...html.matchAll(SCRIPT)]
    .filter(([, attributes]) => !/\ssrc\s*=/i.test(attributes ?? ''))
    .map(
      ([, , script]) =>
        `'sha256-${createHash('sha256')
          .update(script ?? '')
          .digest('base64')}'`,
    );
}

/** The same for every page of the built web app; none where it has not been built. */
export function inlineScriptsOf(webDir: string): string[] {
  if (!existsSync(webDir)) return [];
  const pages = readdirSync(webDir).filter((name) => name.endsWith('.html'));
  return [...new Set(pages.flatMap((name) => inlineScriptSources(readFileSync(join(webDir, name), 'utf8'))))];
}
