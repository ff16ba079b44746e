import { counted } from '../../netpol/index.js';
import { CLUSTER } from './seed.js';

export type TourFacts = {
  readonly server: string;
  readonly deployments: number;
  readonly pods: number;
  readonly flows: number;
  readonly anomalous: number;
  readonly records: number;
  /** False: the cluster was there before. */
  readonly isNew: boolean;
};

type Step = { readonly about: string; readonly command: string };

const STEPS: readonly Step[] = [
  {
    about: 'Observe: who talks to whom',
    command: `network-flow list --cluster ${CLUSTER} --namespace shop`,
  },
  {
    about: 'The same as a graph',
    command: `graph --cluster ${CLUSTER} --namespace gpu-training`,
  },
  {
    about: 'Baseline: what the shop has learned as normal, and locked',
    command: `baseline list --cluster ${CLUSTER} --namespace shop`,
  },
  {
    about: 'Alert: what is off the baseline since',
    command: `alert list --cluster ${CLUSTER} --category "Anomalous Activity"`,
  },
  {
    about: 'Generate: one least-privilege policy per deployment',
    command: `netpol generate --cluster ${CLUSTER} --namespace shop --from baselines --output-dir ./generated-policies`,
  },
  {
    about: 'Simulate: what they would block of two weeks of traffic (exit code 1: review it)',
    command: `netpol simulate --cluster ${CLUSTER} --policy-dir ./generated-policies`,
  },
  {
    about: 'Review: why the policies in force let the pod call out',
    command: `netpol explain --cluster ${CLUSTER} shop/recommendation 203.0.113.66 --port 4444`,
  },
  {
    about: 'Keep the flows, to compare with next week’s',
    command: `network-flow export --cluster ${CLUSTER} --since 7d --output json`,
  },
];

const QUERIES: readonly string[] = [
  `{
  networkGraph(cluster: "${CLUSTER}", filter: { namespaces: ["shop"] }) {
    edges { state source destination ports { protocol port events } }
    nodes { id label }
  }
}`,
  `{
  flows(first: 20, filter: { cluster: { eq: "${CLUSTER}" }, tags: [ANOMALOUS] }) {
    nodes {
      source { ... on Deployment { name } }
      destination { ... on Deployment { name } ... on ExternalEntity { name } }
      port protocol tags observedVerdict policyVerdict
      explanation { text }
    }
  }
}`,
  `mutation {
  generatePolicies(input: { cluster: "${CLUSTER}", namespaces: ["shop"], from: BASELINES, name: "shop" }) {
    policies { name rules { direction peer ports evidence { events days confidence } } }
    problems { severity message hint }
  }
}`,
  `mutation {
  simulatePolicies(input: { cluster: "${CLUSTER}", policySet: "shop", since: "7d" }) {
    simulation {
      summary { stillAllowed newlyBlocked newlyAllowed stillBlocked undecidable }
      flows(class: NEWLY_BLOCKED) { nodes { flow { port } explanation { text } } }
    }
  }
}`,
];

const DEFAULT_SERVER = 'http://127.0.0.1:8080';

const indented = (text: string): string => text.replaceAll(/^/gm, '    ');

/** What to open and what to try: the recipe's tour on the demonstration cluster. */
export const tourText = (facts: TourFacts): string => {
  const { server, deployments, pods, flows, anomalous, records, isNew } = facts;
  const where = server === DEFAULT_SERVER ? '' : ` --server ${server}`;
  const steps = STEPS.flatMap(({ about, command }) => [
    `  # ${about}`,
    `  npm run -s weirgate --${where} ${command}`,
    '',
  ]);
  const queries = QUERIES.flatMap(query => [indented(query), '']);
  return [
    '',
    `The demonstration cluster \`${CLUSTER}\` ${isNew ? 'is ready' : 'is here already'}: ${counted(deployments, 'deployment')}, ${counted(pods, 'pod')},`,
    `${counted(flows, 'distinct flow')} of two weeks (${counted(records, 'record')}), ${anomalous} of them anomalous.`,
    '',
    'A shop of a dozen services, GPU training and inference, monitoring, an ingress controller. Since twenty hours somebody',
    'sits in the pod of shop/recommendation: it asks the cloud for credentials, calls home, and tries the database.',
    '',
    'Open:',
    `  ${server}/           `.trimEnd(),
    `  ${server}/graphql    (paste one of the queries below)`,
    '',
    'Try, in another terminal (`weirgate` instead of `npm run -s weirgate --` where it is installed):',
    '',
    ...steps,
    'Queries to paste:',
    '',
    ...queries,
    '',
  ].join('\n');
};
