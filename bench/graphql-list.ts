/**
 * Measures: 100 deployments with four scalars over HTTP, 8 connections.
 * Data: 2,000 deployments with 20,000 flows (`--quick`: 6,000) in the embedded Postgres, brought in by the server's own
 * routes; once never analysed, once analysed.
 * References in the same run: PostGraphile 5 on the same database (goal: 1.2 × of it), and hand-written SQL with pg and
 * node:http, with a prepared statement (goal: 0.7 × of it).
 */
import { type Contest, figuresOfContest } from './graphql/contest.js';
import { report } from './measure/report.js';

type Row = { readonly name: string };

const namesOf = (nodes: readonly Row[]): readonly string[] => nodes.map(({ name }) => name);

const contest: Contest = {
  what: '100 deployments, four scalars',
  goals: { postgraphile: 1.2, handWritten: 0.7 },
  contenders: {
    handWritten: {
      path: '/list',
      document: null,
      rowsOf: ({ deployments }) => namesOf(deployments.nodes),
    },
    postgraphile: {
      path: '/graphql',
      document: `query List($first: Int!) {
        allPeers(first: $first, condition: { kind: "DEPLOYMENT" }, orderBy: [CLUSTER_ID_ASC, NAMESPACE_ASC, NAME_ASC]) {
          nodes { id name workloadKind firstSeenAt }
        }
      }`,
      rowsOf: ({ allPeers }) => namesOf(allPeers.nodes),
    },
    weirgate: {
      path: '/graphql',
      document: `query List($first: Int!) {
        deployments(first: $first) { nodes { id name kind firstSeenAt } }
      }`,
      rowsOf: ({ deployments }) => namesOf(deployments.nodes),
    },
  },
};

report('graphql-list', await figuresOfContest(contest));
