/** Imports run one way: contract <- (api | media-server | web). @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means that two modules are one concept, or that a child imports its parent.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: "$app/... are SvelteKit's own modules, which exist only while it builds.",
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^\\$app/' },
    },
    {
      name: 'contract-stands-alone',
      comment: 'The contract depends on zod only.',
      severity: 'error',
      from: { path: '^contract/src', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^contract/src', '^node_modules/zod'] },
    },
    {
      name: 'servers-apart',
      comment: 'api knows people, media-server knows media; they meet in the contract only.',
      severity: 'error',
      from: { path: '^(api|media-server|turn|web)/' },
      to: { path: '^(api|media-server|turn|web|e2e|bench|tools)/', pathNot: ['^$1/', '^tools/testing/'] },
    },
    {
      name: 'mediasoup-in-sfu-only',
      severity: 'error',
      from: { path: '^(api|media-server|web|turn|tools|contract)/', pathNot: '^media-server/src/sfu/' },
      to: { path: '^node_modules/mediasoup/' },
    },
    {
      name: 'mediasoup-client-in-call-only',
      severity: 'error',
      from: { pathNot: '^web/src/lib/call/' },
      to: { path: '^node_modules/mediasoup-client/' },
    },
    {
      name: 'sockets-opened-in-realtime-only',
      severity: 'error',
      from: { path: '^web/src/', pathNot: '^web/src/lib/realtime/' },
      to: { path: '^node_modules/socket\\.io-client/' },
    },
    {
      name: 'mongoose-behind-repositories',
      severity: 'error',
      from: {
        path: '^(api|media-server|web|turn|tools)/',
        pathNot: [
          '^api/src/database/',
          '\\.(model|repository)\\.ts$',
          '\\.test\\.ts$',
          '/testing/',
          '^tools/database/',
        ],
      },
      to: { path: '^node_modules/(mongoose|mongodb)/' },
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { pathNot: ['\\.test\\.ts$', '/testing/', '^e2e/', '^bench/'] },
      to: { path: ['\\.test\\.ts$', '/testing/', '^e2e/'] },
    },
    {
      name: 'routes-stay-thin',
      comment: 'Routes call services; only services call repositories.',
      severity: 'error',
      from: { path: '\\.routes\\.ts$' },
      to: { path: '\\.(repository|model)\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(\\.svelte-kit|\\.svelte-check|build|paraglide)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types', 'svelte'],
      extensions: ['.ts', '.js', '.svelte', '.mjs', '.json'],
    },
  },
};
