import { describe, expect, it } from 'vitest';
import { sourceEntries } from './apt-sources.mjs';

const stanzas = `Types: deb
# a comment
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian.gpg

Types: deb
URIs: http://vendor.example/apt
Suites: stable
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
`;
const lines = `# deb http://comment.example bookworm main
deb http://mirror.example/debian bookworm-security main contrib
deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/other bookworm main
deb https://cloud.example/apt cloud-sdk-bookworm main
`;

describe('deb-src entries', () => {
  it('are made from the distribution’s own stanzas only', () => {
    expect(sourceEntries([{ name: 'debian.sources', text: stanzas }], 'bookworm')).toEqual([
      'deb-src [signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example/debian bookworm main',
      'deb-src [signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example/debian bookworm-updates main',
    ]);
  });

  it('are made from one-line entries, without the architecture', () => {
    expect(sourceEntries([{ name: 'sources.list', text: lines }], 'bookworm')).toEqual([
      'deb-src http://mirror.example/debian bookworm-security main contrib',
      'deb-src [signed-by=/k.gpg] http://mirror.example/other bookworm main',
    ]);
  });
});
