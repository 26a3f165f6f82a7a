import { describe, expect, it } from 'vitest';
import { inlineScriptSources } from './inline-scripts.ts';

/** `printf 'alert(1)' | openssl dgst -sha256 -binary | base64` */
const ALERT = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='";

describe('hashes of the scripts that stand in a page', () => {
  it('hashes a script exactly as it stands there', () => {
    expect(inlineScriptSources('<p><script>alert(1)</script>')).toEqual([ALERT]);
    expect(inlineScriptSources('<SCRIPT type="module">alert(1)</SCRIPT>')).toEqual([ALERT]);
    expect(inlineScriptSources('<script>alert(1) </script>')).not.toEqual([ALERT]);
  });

  it('leaves out scripts that are files', () => {
    expect(inlineScriptSources('<script src="/app.js"></script><script>alert(1)</script>')).toEqual([ALERT]);
  });
});
