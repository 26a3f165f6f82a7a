import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { z } from 'zod';

const settings = z
  .object({ locales: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'project.inlang/settings.json'), 'utf8')));
const isRightToLeft = (locale: string): boolean => new Intl.Locale(locale).getTextInfo().direction === 'rtl';

/** Where the texts of a language begin. */
const STARTS = new RegExp(`^const (?:${settings.locales.join('|')})_`, 'gm');
/** Anything else in a text than an isolated input, or what the message makes itself. */
const NOT_ISOLATED = /\$\{(?!isolateIn(?:Ltr|Rtl)\(i\?\.\w+\)\}|\w+\})/;

/** The compiled texts of one language of a message, with every input isolated as its direction asks for. */
function isolateTexts(code: string, locale: string): string {
  const isolate = isRightToLeft(locale) ? 'isolateInRtl' : 'isolateInLtr';
  const texts = new RegExp(`^const ${locale}_[^]*?^};?$`, 'gm');
  return code.replaceAll(texts, (text) => {
    if ([...text.matchAll(STARTS)].length > 1) throw new Error(`Texts of several languages were read as one: ${text}`);
    return text.replaceAll(/\$\{(i\?\.\w+)\}/g, `\${${isolate}($1)}`);
  });
}

/** A compiled message with every input isolated. Throws when that is not so: when messages are compiled to other code. */
export function isolateMessage(code: string): string {
  const isolated = settings.locales.reduce(isolateTexts, code);
  if (NOT_ISOLATED.test(isolated)) throw new Error(`An input of a message is not isolated: ${isolated}`);
  return isolated;
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
        const isolated = isolateMessage(code);
        if (isolated === code) return undefined;
        return { code: `import { isolateInLtr, isolateInRtl } from '../../i18n/isolate.ts';\n${isolated}`, map: null };
      },
    },
  };
}
