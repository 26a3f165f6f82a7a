import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { z } from 'zod';

const settings = z
  .object({ locales: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(new URL('project.inlang/settings.json', import.meta.url), 'utf8')));
const isRightToLeft = (locale: string): boolean => new Intl.Locale(locale).getTextInfo().direction === 'rtl';

/** The compiled texts of one language of a message, with every input isolated as its direction asks for. */
function isolateTexts(code: string, locale: string): string {
  const isolate = isRightToLeft(locale) ? 'isolateInRtl' : 'isolateInLtr';
  const texts = new RegExp(`^const ${locale}_[^]*?^};?$`, 'gm');
  return code.replaceAll(texts, (text) => text.replaceAll(/\$\{(i\?\.\w+)\}/g, `\${${isolate}($1)}`));
}

/**
 * Keeps what is filled into a message, such as a name in Latin letters within an Arabic sentence, from pulling the words
 * and marks around it out of their order: every input of every compiled message goes through `src/lib/i18n/isolate.ts`.
 */
export function isolateInputs(): Plugin {
  return {
    name: 'isolate-inputs',
    transform: {
      filter: { id: /\/paraglide\/messages\/(?!_index)[^/]+\.js(?:\?|$)/ },
      handler(code) {
        const isolated = settings.locales.reduce(isolateTexts, code);
        if (isolated === code) return undefined;
        return { code: `import { isolateInLtr, isolateInRtl } from '../../i18n/isolate.ts';\n${isolated}`, map: null };
      },
    },
  };
}
