// Which folder may import which. docs/architecture.md says why.

/** Folders of the local Snowflake, and what each may import besides itself. */
const allowed = {
  platform: ['errors'],
  errors: ['platform'],
  sql: ['errors', 'platform'],
  catalog: ['sql', 'errors', 'platform'],
  access: ['catalog', 'sql', 'errors', 'platform'],
  objects: ['access', 'catalog', 'sql', 'errors', 'platform'],
  // The four that do the work know objects, and neither one another nor the session that composes them.
  data: ['objects', 'access', 'catalog', 'sql', 'errors', 'platform'],
  runtime: ['objects', 'access', 'catalog', 'sql', 'errors', 'platform'],
  scheduler: ['objects', 'access', 'catalog', 'sql', 'errors', 'platform'],
  notifications: ['objects', 'access', 'catalog', 'sql', 'errors', 'platform'],
  scripting: ['objects', 'sql', 'errors', 'platform'],
  wire: ['session', 'sql', 'errors', 'platform'],
};

const inside = (folders) => `^local-snowflake/(${folders.join('|')})/`;

const directions = Object.entries(allowed).map(([folder, others]) => ({
  name: `local-snowflake-${folder}`,
  severity: 'error',
  comment: `${folder} imports only ${others.join(', ')}`,
  from: { path: inside([folder]) },
  to: { path: '^local-snowflake/', pathNot: inside([folder, ...others]) },
}));

module.exports = {
  forbidden: [
    ...directions,
    {
      name: 'local-snowflake-session',
      severity: 'error',
      comment: 'the session is used by what listens and by the command, and knows neither',
      from: { path: inside(['session']) },
      to: { path: inside(['wire', 'cli']) },
    },
    {
      name: 'wire-knows-types-of-sql-only',
      severity: 'error',
      comment: 'the wire encodes results and quotes what it puts into statements; it parses nothing',
      from: { path: inside(['wire']) },
      to: { path: inside(['sql']), pathNot: 'sql/(types|result-set|identifier|literal)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'local-snowflake-stands-alone',
      severity: 'error',
      comment: 'what is deployed knows nothing of the server it is tried on, nor the other way round',
      from: { path: '^local-snowflake/' },
      to: { path: ['^(components|provider|pipeline|toolchain)/', '^index\\.ts$', 'node_modules/@pulumi/'] },
    },
    {
      name: 'deployment-needs-no-local-snowflake',
      severity: 'error',
      comment: 'the stack, its provider and the pipeline command work on any account',
      from: { path: ['^(components|provider|pipeline)/', '^index\\.ts$'] },
      to: { path: '^local-snowflake/' },
    },
    {
      name: 'pipeline-stands-alone',
      severity: 'error',
      comment: 'a deployed graph is operated without the program that deployed it',
      from: { path: '^pipeline/' },
      to: { path: ['^(components|provider)/', '^index\\.ts$', 'node_modules/@pulumi/'] },
    },
    {
      name: 'graph-rules-are-pure',
      severity: 'error',
      comment: 'the rules of a task graph are tested without an engine',
      from: { path: '^components/graph/' },
      to: { path: ['node_modules/@pulumi/', '^components/(?!graph/)'] },
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { pathNot: '^(tests|bench)/' },
      to: { path: '^tests/' },
    },
    {
      name: 'no-circle-of-areas',
      severity: 'error',
      comment:
        'functions that follow a recursive structure may call one another inside an area, and types may refer to one another',
      from: { path: '^(local-snowflake/[^/]+|[a-z]+)/' },
      to: { circular: true, pathNot: '^$1/', viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.cache)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
