import { counted, type Problem, Severity } from '../netpol/index.js';
import type { ClusterNames } from './observation.js';

/** What is known of a cluster's intake in its latest seven days, and of its flows. Times are ISO text. */
export type IntakeFacts = {
  readonly name: string;
  readonly lastImportAt: string | null;
  readonly lastIngestAt: string | null;
  readonly newestObservationAt: string | null;
  /** Policies have changed and flows are being judged anew. */
  readonly verdictsPending: boolean;
  readonly chunks: number;
  readonly accepted: number;
  readonly lost: number;
  /** Reason to count. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly rejected: Readonly<Record<string, number>>;
  readonly deployments: number;
  readonly silentDeployments: number;
  /** The first ten. */
  readonly silentNames: readonly string[];
  readonly hasFlows: boolean;
  readonly hasDns: boolean;
  /** Names of clusters that records carry and that do not agree; of each kind the first ten. */
  readonly clusterNames: ClusterNames;
  /** External ends with private addresses that have flows: how many, and the first three. */
  readonly privateOutside: { readonly ends: number; readonly examples: readonly string[] };
  /** Flows that have an end which nobody could name, by reason. */
  readonly unresolved: readonly {
    readonly reason: string;
    readonly flows: number;
    readonly example: string;
  }[];
};

type Finding = Pick<Problem, 'code' | 'message'> & {
  readonly severity?: Severity;
  readonly hint: string | null;
};

const problem = ({ severity = Severity.WARNING, ...finding }: Finding): Problem => ({
  ...finding,
  severity,
  path: null,
  place: null,
});

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const MOST_REASONS = 5;

/** The most frequent first: `` `NOT_JSON` 12, `NO_TIME` 3 ``. */
const reasons = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .toSorted(([one, few], [other, many]) => many - few || (one < other ? -1 : 1))
    .slice(0, MOST_REASONS)
    .map(([reason, count]) => `\`${reason}\` ${count}`)
    .join(', ');

const noFlows = ({ name, lastIngestAt }: IntakeFacts): readonly Problem[] =>
  lastIngestAt !== null
    ? []
    : [
        problem({
          code: 'NO_FLOWS',
          message: `no flows were ever received for cluster \`${name}\``,
          hint: 'send some by `POST /ingest/flows?cluster=NAME&format=FORMAT`, `ingestFlows` or `weirgate network-flow import`, and check that the sender writes this name',
        }),
      ];

const noInventory = ({ lastImportAt, hasFlows }: IntakeFacts): readonly Problem[] =>
  lastImportAt !== null
    ? []
    : [
        problem({
          code: 'NO_INVENTORY',
          message: hasFlows
            ? 'no inventory was imported: deployments are known from flows alone, and their labels, ports and addresses only as far as the flows tell'
            : 'no inventory was imported',
          hint: 'import `kubectl get pods,services,namespaces,nodes,deployments,networkpolicies -A -o json` by `importInventory` or `weirgate cluster import`',
        }),
      ];

function rejected({ accepted, ...facts }: IntakeFacts): readonly Problem[] {
  const count = total(facts.rejected);
  if (count === 0) return [];
  const all = accepted === 0 && total(facts.skipped) === 0;
  return [
    problem({
      code: all ? 'ALL_REJECTED' : 'RECORDS_REJECTED',
      message: `${count} of the latest records were rejected${all ? ', and none was of use' : ''}: ${reasons(facts.rejected)}`,
      hint: all
        ? 'check that the format named is the one that the records have'
        : 'see `ingestions` for what was rejected when',
    }),
  ];
}

function onlySkipped({ accepted, skipped }: IntakeFacts): readonly Problem[] {
  const count = total(skipped);
  if (accepted > 0 || count === 0) return [];
  const replies = Object.keys(skipped).every(reason => reason.startsWith('reply'));
  return [
    problem({
      code: replies ? 'ONLY_REPLIES' : 'ONLY_SKIPPED',
      message: `none of the latest records shows a connection, ${count} were left out: ${reasons(skipped)}`,
      hint: replies
        ? 'the source shows answers only: let it observe both directions, or the side of the clients'
        : "send the source's flow records, not its status and debug events",
    }),
  ];
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const since = (at: string, now: Date): number => now.getTime() - Date.parse(at);

function clock(facts: IntakeFacts, now: Date): readonly Problem[] {
  const { newestObservationAt: newest, lastIngestAt } = facts;
  if (newest === null || lastIngestAt === null) return [];
  if (since(newest, now) < -5 * MINUTE)
    return [
      problem({
        code: 'CLOCK_AHEAD',
        message: `the newest observation is of \`${newest}\`, which is in the future`,
        hint: "set the clocks of the cluster's nodes, and check the unit of the source's times; what is `ACTIVE` counts back from that moment",
      }),
    ];
  if (Date.parse(lastIngestAt) - Date.parse(newest) > DAY)
    return [
      problem({
        code: 'OLD_OBSERVATIONS',
        severity: Severity.INFO,
        message: `the newest observation is of \`${newest}\`, more than a day before it was received at \`${lastIngestAt}\``,
        hint: "for a recording that is as it should be: give windows of that time; else check the clocks of the cluster's nodes",
      }),
    ];
  return [];
}

const stale = ({ lastIngestAt }: IntakeFacts, now: Date): readonly Problem[] =>
  lastIngestAt === null || since(lastIngestAt, now) <= DAY
    ? []
    : [
        problem({
          code: 'NOTHING_LATELY',
          message: `nothing was received since \`${lastIngestAt}\``,
          hint: 'check that the sender still runs, and that it reaches this server',
        }),
      ];

const lost = (facts: IntakeFacts): readonly Problem[] =>
  facts.lost === 0
    ? []
    : [
        problem({
          code: 'EVENTS_LOST',
          message: `the sources lost ${counted(facts.lost, 'event')}`,
          hint: "enlarge the source's buffer (Hubble: `hubble.eventBufferCapacity`), or follow it without pause",
        }),
      ];

const IMPORT = 'import the inventory with its pods, Services and nodes';

/** Where the inventory was never imported, that helps; elsewhere only what is told here. */
const CURES: Readonly<Record<string, string>> = {
  INVENTORY_MISSING: `${IMPORT}, taken while the flows were observed`,
  ADDRESS_OF_NOBODY_KNOWN:
    'nobody who was imported had this address at that time: import snapshots of that time, and at least as often as pods come and go',
  ADDRESS_CHANGED_HANDS:
    'several had the address while one record went on: let the source report shorter windows, or the names of pods',
  LABELS_OF_NO_DEPLOYMENT:
    'no deployment of the namespace carries these labels alone: let the source write the names of pods beside them',
  SERVICE_NOT_KNOWN:
    'no Service of that name was imported as of that time: import the Services as they were then, or look whether the name is right',
  SERVICE_WITHOUT_BACKEND:
    'nobody was behind the Service at that time, by its selector or its Endpoints: import the workloads or the Endpoints',
  SERVICE_WITHOUT_PORT:
    'the Service had no such port at that time, so that nothing is forwarded there: look at who calls it, or import the Service as it was',
  SEVERAL_BACKENDS:
    'the Service leads to several ends: let the source observe behind it, where the pod that answers is told',
  NO_NAMESPACE: 'let the source write the namespace of each peer',
  POD_WITHOUT_NAMESPACE: 'let the source write the namespaces of pods',
  UNMANAGED: 'these pods started before the network plugin and have no identity: restart them',
};

const BY_INVENTORY: ReadonlySet<string> = new Set([
  'ADDRESS_OF_NOBODY_KNOWN',
  'LABELS_OF_NO_DEPLOYMENT',
  'SERVICE_NOT_KNOWN',
  'SERVICE_WITHOUT_BACKEND',
  'UNMANAGED',
]);

const cureOf = (reason: string, lastImportAt: string | null): string | null =>
  lastImportAt === null && BY_INVENTORY.has(reason) ? IMPORT : (CURES[reason] ?? null);

const unresolved = ({ unresolved: found, lastImportAt }: IntakeFacts): readonly Problem[] =>
  found.map(({ reason, flows, example }) =>
    problem({
      code: 'UNRESOLVED_PEERS',
      message: `${counted(flows, 'flow has an end', 'flows have ends')} that nobody could name (\`${reason}\`)${flows === 1 ? ':' : ', such as'} \`${example}\``,
      hint: cureOf(reason, lastImportAt),
    }),
  );

const privateOutside = ({ privateOutside: { ends, examples } }: IntakeFacts): readonly Problem[] =>
  ends === 0
    ? []
    : [
        problem({
          code: 'PRIVATE_ADDRESSES_OUTSIDE',
          severity: Severity.INFO,
          message: `${counted(ends, 'private address is', 'private addresses are')} in no range that is known of this cluster, and taken to be outside: ${examples.map(one => `\`${one}\``).join(', ')}${ends > examples.length ? ', …' : ''}`,
          hint: "where they are the cluster's own, import its nodes, or declare its ranges by `setClusterRanges` or `weirgate cluster ranges`; flows that come later heed it",
        }),
      ];

const silent = (facts: IntakeFacts): readonly Problem[] =>
  facts.silentDeployments === 0 || !facts.hasFlows
    ? []
    : [
        problem({
          code: 'SILENT_DEPLOYMENTS',
          severity: Severity.INFO,
          message: `${facts.silentDeployments} of ${counted(facts.deployments, 'deployment has', 'deployments have')} no flow: ${facts.silentNames.map(name => `\`${name}\``).join(', ')}${facts.silentDeployments > facts.silentNames.length ? ', …' : ''}`,
          hint: 'observe longer, or check that the source sees their nodes',
        }),
      ];

const noDns = ({ hasFlows, hasDns }: IntakeFacts): readonly Problem[] =>
  !hasFlows || hasDns
    ? []
    : [
        problem({
          code: 'NO_DNS',
          severity: Severity.INFO,
          message: 'no name lookup was seen: where the cluster has its DNS is not known',
          hint: 'let the source report UDP and TCP port 53; until then generated policies name the usual place of DNS',
        }),
      ];

const quoted = (names: readonly string[]): string => names.map(name => `\`${name}\``).join(', ');

function clusterNames({ clusterNames: { own, undecided } }: IntakeFacts): readonly Problem[] {
  const renamed = problem({
    code: 'CLUSTER_RENAMED',
    message: `the ends of this cluster go by several names of clusters: ${quoted(own)}; all of them are taken for this one`,
    hint: 'a cluster that was renamed keeps its old name in the identities of running pods: restart these, or give the agent the name that they carry',
  });
  const masked = problem({
    code: 'CLUSTER_NAMES_UNDECIDED',
    message: `records name several clusters, ${quoted(undecided)}, and nothing tells which of them reports: all are taken for this one, so that pods with the same namespace and name are one`,
    hint: "let the exporter's field mask keep `source.ID` and `destination.ID`, or `trace_observation_point`, or name the cluster in `node_name`",
  });
  return [...(own.length > 0 ? [renamed] : []), ...(undecided.length > 0 ? [masked] : [])];
}

const pending = ({ verdictsPending }: IntakeFacts): readonly Problem[] =>
  verdictsPending
    ? [
        problem({
          code: 'VERDICTS_PENDING',
          severity: Severity.INFO,
          message:
            'policies or labels have changed and flows are being judged anew: verdicts shown are those before',
          hint: null,
        }),
      ]
    : [];

/** Why the graph of a cluster is empty or thin, the most severe first; empty when nothing is known to be missing. */
export function diagnose(facts: IntakeFacts, now: Date): readonly Problem[] {
  const checks = [noFlows, rejected, onlySkipped, noInventory];
  return [
    ...checks.flatMap(check => check(facts)),
    ...clock(facts, now),
    ...stale(facts, now),
    ...[lost, clusterNames, unresolved, privateOutside, silent, noDns, pending].flatMap(check =>
      check(facts),
    ),
  ];
}
