// One array is the law of layers: the rules below and the map in docs/reference/modules.md are made from it.
// A folder may import its own tier's name and anything lower, never higher, and only through index.ts.
export const TIERS = [
  ['kernel'],
  ['policy', 'contract'],
  ['server/platform'],
  ['server/channels', 'server/payments'],
  ['server/people', 'server/loanbook'],
  ['server/cases'],
  ['server/contact'],
  ['server/plans', 'server/conversations'],
  ['server/strategy', 'server/incentives', 'server/robot-calls'],
  ['server/insight', 'server/retention'],
  ['server/console-api', 'server/portal-api', 'server/open-api', 'server/simulation'],
  ['server/shell'],
]

const TESTS =
  '\\.(test|prop\\.test|db\\.test|scenario\\.test)\\.ts$|/test-[a-z-]+\\.ts$|-contract\\.ts$'

/** `server/cases` → the regular expression of its files. */
function pathOf(name) {
  const [root, folder] = name.split('/')
  if (folder === undefined) return `^${root}/src/`
  // The shell is the command line and the files beside the domains: composition root and supervisor.
  return folder === 'shell' ? '^server/src/(cli/|[^/]+\\.ts$)' : `^server/src/${folder}/`
}

// The top tier may import everything below, so it has no rule.
const looksDownOnly = TIERS.slice(0, -1).flatMap((tier, level) =>
  tier.map((name) => ({
    name: `${name.replace('/', '-')}-looks-down-only`,
    comment: `${name} is tier ${level}: tell higher tiers by events (platform/events), never import them or a sibling`,
    severity: 'error',
    from: { path: pathOf(name), pathNot: TESTS },
    to: {
      path: TIERS.slice(level)
        .flat()
        .filter((other) => other !== name && !isSchemaException(name, other))
        .map(pathOf),
    },
  })),
)

/** Rulings 10: contract may read policy's schema. */
function isSchemaException(name, other) {
  return name === 'contract' && other === 'policy'
}

const domains = TIERS.flat().filter((name) => name.startsWith('server/') && name !== 'server/shell')

const doorOnly = domains
  .filter((name) => !['server/platform', 'server/channels', 'server/open-api'].includes(name))
  .map((name) => ({
    name: `${name.replace('/', '-')}-door-only`,
    comment: `enter ${name} through its index.ts`,
    severity: 'error',
    from: { path: '^(server|sandbox)/', pathNot: [pathOf(name), TESTS] },
    to: { path: pathOf(name), pathNot: `${pathOf(name)}index\\.ts$` },
  }))

export default {
  forbidden: [
    ...looksDownOnly,
    ...doorOnly,
    {
      name: 'web-not-server',
      comment:
        'a browser package knows the contract, the kernel and the shared parts; never server or gate',
      severity: 'error',
      from: { path: '^(ui|console|portal)/src/', pathNot: TESTS },
      to: { path: '^(server|policy|sandbox|world)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'ui-knows-no-app',
      comment: 'shared parts are below the apps that use them',
      severity: 'error',
      from: { path: '^ui/src/' },
      to: { path: '^(console|portal)/' },
    },
    {
      name: 'portal-sees-less',
      comment:
        'what faces strangers knows no staff, no strategy, no scores; of incentives the read door',
      severity: 'error',
      from: { path: '^server/src/portal-api/', pathNot: TESTS },
      to: { path: '^server/src/(people|strategy|incentives|insight)/' },
    },
    {
      name: 'no-circular',
      comment: 'cycles hide who knows whom; split the shared idea out',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'only-dispatch-sends',
      comment: 'a channel is sent through by contact/dispatch only: no message without the gate',
      severity: 'error',
      from: {
        path: '^server/',
        pathNot: [
          '^server/src/channels/',
          '^server/src/contact/dispatch[a-z-]*\\.ts$',
          '^server/src/main\\.ts$',
          '^server/src/wire-[a-z-]+\\.ts$',
          TESTS,
        ],
      },
      to: { path: '^server/src/channels/.*send\\.ts$' },
    },
    {
      name: 'only-the-gate-mints',
      comment: 'a permit is made in the gate transaction and nowhere else',
      severity: 'error',
      from: { path: '^server/', pathNot: ['^server/src/contact/mint-permit\\.ts$', TESTS] },
      to: { path: '^server/src/channels/permit-mint\\.ts$' },
    },
    {
      name: 'kernel-imports-nothing',
      comment: 'the kernel is pure words',
      severity: 'error',
      from: { path: '^kernel/src/', pathNot: TESTS },
      to: { pathNot: '^kernel/src/' },
    },
    {
      name: 'policy-stays-pure',
      comment: 'the gate depends on kernel and zod alone, so that it runs anywhere',
      severity: 'error',
      from: { path: '^policy/src/', pathNot: TESTS },
      to: { pathNot: ['^policy/', '^kernel/src/', 'node_modules/zod/'] },
    },
    {
      name: 'model-is-pure',
      comment: 'a model decides; it does not read, write or log (hashing and templating are pure)',
      severity: 'error',
      from: { path: '^server/src/[^/]+/model/', pathNot: TESTS },
      to: {
        pathNot: [
          '^server/src/[^/]+/model/',
          '^kernel/src/',
          '^policy/src/',
          'node_modules/(zod|@marcbachmann|liquidjs)/',
          '^(node:)?crypto$',
        ],
      },
    },
    {
      name: 'sql-in-stores-only',
      comment: 'pg and COPY are used through platform/db; SQL text lives in *-store.ts',
      severity: 'error',
      from: { path: '^server/src/', pathNot: ['^server/src/platform/', TESTS] },
      to: { path: 'node_modules/(pg|pg-copy-streams|kysely)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'sandbox-is-a-stranger',
      comment:
        'the product never imports the pretend world; the simulation alone asks how people behave',
      severity: 'error',
      from: {
        path: '^(server|policy|contract|kernel)/src/',
        pathNot: ['^server/src/simulation/', TESTS],
      },
      to: { path: '^(sandbox|world)/' },
    },
    {
      name: 'world-is-pure',
      comment: 'borrower behaviour is a pure package over the kernel',
      severity: 'error',
      from: { path: '^world/src/', pathNot: TESTS },
      to: { pathNot: ['^world/src/', '^kernel/src/'] },
    },
    {
      name: 'no-dep-on-test',
      comment: 'a test is no library',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { path: '\\.test\\.ts$' },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'a typo, or a dependency that is not installed',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
    exclude: { path: '/generated/|^policy/dist/' },
  },
}
