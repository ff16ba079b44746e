/**
 * Writes GraphiQL as static files to dist/graphiql/, gzipped: the page `index.html` and what it loads from `/graphiql/`. Names of
 * scripts and styles hold a hash of their contents, so that a browser may keep them for ever. npm runs this
 * after `npm ci` and before packing.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import * as bundle from '@graphql-yoga/render-graphiql/graphiql';

const FOLDER = new URL('../dist/graphiql/', import.meta.url);
const TITLE = 'Weirgate GraphQL';

/** Three gates in a weir. */
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="32" height="32" fill="#2a7ab8">' +
  '<path d="M1 2h4v8H1zM6 2h4v5H6zM11 2h4v8h-4zM1 12h14v2H1z"/></svg>';

/** What the page opens with: whom everybody talks to, and what the policies say of it. */
const EXAMPLE = `# Who talks to whom, latest first, and what the policies in force say of it.
# Give variables below, or ask with ?query= and ?variables= in the address of this page.
query Flows($cluster: StringFilter) {
  flows(first: 10, filter: { cluster: $cluster }) {
    totalCount
    nodes {
      source { ...End }
      destination { ...End }
      port
      protocol
      policyVerdict
      tags
      explanation { text }
    }
  }
}

fragment End on Peer {
  ... on Deployment { name namespace { name } }
  ... on ExternalEntity { name }
  ... on ClusterNode { name }
  ... on UnresolvedPeer { name reason }
}
`;

const write = (name, text) =>
  writeFileSync(new URL(`${name}.gz`, FOLDER), gzipSync(text, { level: 9 }));

/** @returns the path that the page loads it from */
function writeHashed(name, extension, text) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  write(`${name}-${hash}.${extension}`, text);
  return `/graphiql/${name}-${hash}.${extension}`;
}

function scriptOf(workers) {
  const options = {
    title: TITLE,
    logo: LOGO,
    endpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    defaultQuery: EXAMPLE,
  };
  return [
    `self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_, label) => (${JSON.stringify(workers)})[label] };`,
    bundle.js,
    // A link may carry a query (`?query=`, read by the bundle) and its variables.
    "const variables = new URLSearchParams(location.search).get('variables') ?? undefined;",
    `YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), { ...${JSON.stringify(options)}, variables });`,
  ].join('\n');
}

const pageOf = ({ script, styles, icon }) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>${TITLE}</title>
    <link rel="icon" href="${icon}" />
    <link rel="stylesheet" href="${styles}" />
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    <script src="${script}"></script>
  </body>
</html>
`;

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const workers = {
  editorWorkerService: writeHashed('editor', 'js', bundle.editorWorkerService),
  json: writeHashed('json', 'js', bundle.jsonWorker),
  graphql: writeHashed('graphql', 'js', bundle.graphqlWorker),
};
write(
  'index.html',
  pageOf({
    script: writeHashed('graphiql', 'js', scriptOf(workers)),
    styles: writeHashed('graphiql', 'css', bundle.css),
    icon: writeHashed('icon', 'svg', LOGO),
  }),
);
