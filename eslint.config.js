import { defineConfig } from 'eslint/config';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/**
 * One folder owns each engine; everybody else goes through that folder's interface.
 * @param {string} name
 * @param {string} message
 */
const owned = (name, message) => ({ regex: `^${name}($|/)`, message });
const engines = {
  mediasoup: owned('mediasoup', 'Only media-server/src/sfu talks to mediasoup: use its interfaces.'),
  mediasoupClient: owned('mediasoup-client', 'Only web/src/lib/call talks to mediasoup-client.'),
  socketIoClient: owned('socket\\.io-client', 'Only web/src/lib/realtime opens sockets.'),
  mongoose: owned('mongoose', 'Only models, repositories and database/ talk to mongoose.'),
};
/**
 * @param {(keyof typeof engines)[]} allowed
 * @returns {['error', object]}
 */
const forbidEnginesBut = (...allowed) => [
  'error',
  {
    patterns: Object.entries(engines)
      .filter(([name]) => !allowed.some((engine) => engine === name))
      .map(([, pattern]) => pattern),
  },
];

/** Each of these brings the words, or the routes, of every page into every page. */
const wholeCatalogues = [
  {
    selector: "MemberExpression[object.name='m'][computed=true]:not([property.type='Literal'])",
    message: "Name messages literally, as in m['action.save'](): else all of them are loaded everywhere.",
  },
  {
    selector: "ImportSpecifier[imported.name='endpoints']",
    message: 'Import the endpoints of one area, such as profileEndpoints.',
  },
];

export default defineConfig(
  {
    ignores: [
      '**/.svelte-kit/',
      '**/.svelte-check/',
      '**/build/',
      '**/coverage/',
      'web/src/lib/paraglide/',
      '.data/',
      'e2e/output/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  {
    files: ['**/*.{ts,svelte}'],
    extends: [ts.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Misfires on mongoose schemas.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      'no-restricted-imports': forbidEnginesBut(),
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser } },
  },
  {
    files: ['web/src/**'],
    rules: { 'no-restricted-syntax': ['error', ...wholeCatalogues] },
  },
  {
    // Doors open and times pass by the server's clock: that of a device may be hours wrong.
    files: ['web/src/**'],
    ignores: ['**/*.test.ts', '**/testing/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...wholeCatalogues,
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Ask the clock of the server: instantNow(), nowFor(), MinuteClock or serverClock.',
        },
      ],
    },
  },
  // The app is always served from the root of its host: there is no base path to resolve.
  { files: ['web/src/**'], rules: { 'svelte/no-navigation-without-resolve': 'off' } },
  { files: ['**/*.{js,mjs,cjs}'], languageOptions: { globals: globals.node } },
  { files: ['tools/**/*.{ts,mjs}', 'turn/src/**/*.ts', 'bench/**/*.ts'], rules: { 'no-console': 'off' } },
  { files: ['media-server/src/sfu/**'], rules: { 'no-restricted-imports': forbidEnginesBut('mediasoup') } },
  { files: ['web/src/lib/call/**'], rules: { 'no-restricted-imports': forbidEnginesBut('mediasoupClient') } },
  { files: ['web/src/lib/realtime/**'], rules: { 'no-restricted-imports': forbidEnginesBut('socketIoClient') } },
  {
    files: ['api/src/database/**', 'api/src/**/*.model.ts', 'api/src/**/*.repository.ts', 'tools/database/**'],
    rules: { 'no-restricted-imports': forbidEnginesBut('mongoose') },
  },
  {
    // Tests speak to servers as foreign clients do.
    files: ['{api,media-server}/**/*.test.ts', '{api,media-server}/**/testing/**', 'e2e/**', 'bench/**'],
    rules: { 'no-restricted-imports': forbidEnginesBut('socketIoClient', 'mongoose') },
  },
  prettier,
);
