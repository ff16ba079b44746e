/**
 * Measures: 100 deployments with their namespace and 10 flows each, with the name of each destination, over HTTP, 8
 * connections.
 * Data: as `graphql-list`.
 * References in the same run: PostGraphile 5 on the same database, which takes the flows from a function of the row
 * (goal: 1.5 × of it), and one hand-written statement with pg and node:http, prepared (goal: 0.5 × of it).
 */
import { type Contest, figuresOfContest } from './graphql/contest.js';
import { report } from './measure/report.js';

type Named = { readonly name: string };
type Row = readonly [string, string, readonly (readonly [number, string])[]];

const PEER = `... on Deployment { name } ... on ExternalEntity { name }
  ... on ClusterNode { name } ... on UnresolvedPeer { name }`;

type OwnNode = Named & { readonly namespace: Named } & {
  readonly flows: {
    readonly nodes: readonly { readonly port: number; readonly destination: Named }[];
  };
};

const ofOwn = ({ name, namespace, flows }: OwnNode): Row => [
  name,
  namespace.name,
  flows.nodes.map(({ port, destination }) => [port, destination.name]),
];

const contest: Contest = {
  what: '100 deployments, 10 flows each',
  goals: { postgraphile: 1.5, handWritten: 0.5 },
  contenders: {
    handWritten: {
      path: '/nested',
      document: null,
      rowsOf: ({ deployments }) => deployments.nodes.map(ofOwn),
    },
    postgraphile: {
      path: '/graphql',
      document: `query Nested($first: Int!) {
        deployments: allPeers(first: $first, condition: { kind: "DEPLOYMENT" }, orderBy: [CLUSTER_ID_ASC, NAMESPACE_ASC, NAME_ASC]) {
          nodes {
            name
            namespace: namespaceByClusterIdAndNamespace { name }
            flows: latestFlows(first: 10) { nodes { port destination: peerByClusterIdAndDestinationId { name } } }
          }
        }
      }`,
      rowsOf: ({ deployments }) => deployments.nodes.map(ofOwn),
    },
    weirgate: {
      path: '/graphql',
      document: `query Nested($first: Int!) {
        deployments(first: $first) {
          nodes { name namespace { name } flows(first: 10) { nodes { port destination { ${PEER} } } } }
        }
      }`,
      rowsOf: ({ deployments }) => deployments.nodes.map(ofOwn),
    },
  },
};

report('graphql-nested', await figuresOfContest(contest));
