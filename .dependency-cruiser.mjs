/** A room may import only the rooms before it in this list. */
const rooms = [
  'netpol',
  'tracing',
  'database',
  'query',
  'threads',
  'http',
  'graphql',
  'access',
  'jobs',
  'inventory',
  'flows',
  'baselines',
  'enforcement',
  'policysets',
  'simulation',
  'alerts',
  'notifiers',
  'compliance',
];
const clients = ['cli', 'console', 'sensor'];
/** A folder of the engine may import only the folders before it in this list, and the files beside them. */
const engineFolders = [
  'addresses',
  'ports',
  'reading',
  'compile',
  'decide',
  'rows',
  'judge',
  'peers',
  'map',
  'compare',
  'assert',
  'generate',
  'dialects',
  'lint',
  'list',
];
const listed = [...rooms, ...clients, 'generated'].join('|');

const upward = rooms.map((room, place) => ({
  name: `${room}-imports-only-lower-rooms`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: `^src/(${rooms.slice(0, place + 1).join('|')})/` },
}));

const engineOrder = [
  {
    name: 'every-folder-of-the-engine-is-listed',
    severity: 'error',
    from: { path: '^src/netpol/[^/]+/', pathNot: `^src/netpol/(${engineFolders.join('|')})/` },
    to: {},
  },
  {
    name: 'words-of-the-engine-import-no-folder',
    severity: 'error',
    from: { path: '^src/netpol/[^/]+\\.ts$', pathNot: '^src/netpol/index\\.ts$' },
    to: { path: '^src/netpol/([^/]+/|index\\.ts$)' },
  },
  ...engineFolders.map((folder, place) => ({
    name: `netpol-${folder}-imports-only-what-comes-before`,
    severity: 'error',
    from: { path: `^src/netpol/${folder}/` },
    to: {
      path: '^src/netpol/([^/]+/|index\\.ts$)',
      pathNot: `^src/netpol/(${engineFolders.slice(0, place + 1).join('|')})/`,
    },
  })),
];

const onlyIn = (name, files, packages) => ({
  name: `${name}-only-in-its-files`,
  severity: 'error',
  from: { path: '^src/', pathNot: files },
  to: { path: `node_modules/(${packages})/` },
});

export default {
  forbidden: [
    {
      name: 'every-folder-is-a-listed-room',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${listed})/` },
      to: {},
    },
    {
      name: 'clients-know-only-the-engine-and-generated-types',
      severity: 'error',
      from: { path: `^src/(${clients.join('|')})/` },
      to: {
        path: '^src/',
        pathNot: `^src/(${clients.join('|')}|generated)/|^src/netpol/index\\.ts$`,
      },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...upward,
    ...engineOrder,
    {
      name: 'netpol-is-pure',
      severity: 'error',
      from: { path: '^src/netpol/' },
      to: { pathNot: ['^src/netpol/', 'node_modules/yaml/'] },
    },
    {
      name: 'netpol-has-one-door',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/netpol/' },
      to: { path: '^src/netpol/', pathNot: '^src/netpol/index\\.ts$' },
    },
    onlyIn(
      'typeorm',
      '\\.(table|store)\\.ts$|/room\\.ts$|^src/(database/|databases\\.ts|rooms\\.ts)',
      'typeorm|pg',
    ),
    onlyIn(
      'graphql',
      '\\.graphql\\.ts$|^src/(graphql/|rooms\\.ts|schema\\.ts)',
      'type-graphql|graphql|reflect-metadata',
    ),
    {
      name: 'no-sql-in-the-api',
      comment:
        'Conditions are made beside the store; `*.graphql.ts` translates, calls, translates.',
      severity: 'error',
      from: { path: '\\.graphql\\.ts$' },
      to: { path: '^src/query/condition\\.ts$' },
    },
    onlyIn('dataloader', '\\.loader\\.ts$', 'dataloader'),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
