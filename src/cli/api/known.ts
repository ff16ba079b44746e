import {
  type DeploymentFilter,
  KnownCategoriesDocument,
  KnownClusterDocument,
  KnownClustersDocument,
  KnownDeploymentsDocument,
  type KnownDeploymentsQuery,
  KnownNamespacesDocument,
} from '../../generated/cli.js';
import type { ApiClient } from '../client.js';
import { unknownName } from '../near.js';
import { Failure } from '../shell.js';
import { deploymentText } from './deployment-text.js';
import { allNodes } from './pages.js';

const clusterNames = async ({ ask }: ApiClient): Promise<readonly string[]> =>
  (await allNodes(async after => (await ask(KnownClustersDocument, { after })).clusters)).map(
    ({ name }) => name,
  );

/** What is said where no cluster is named so. */
export const noCluster = async (client: ApiClient, cluster: string): Promise<Failure> =>
  unknownName(
    `no cluster is named \`${cluster}\``,
    cluster,
    await clusterNames(client),
    'see `weirgate cluster list`, or import one by `weirgate cluster import`',
  );

/** An unknown cluster has no flows, and that would be a wrong answer. */
export const assertCluster = async (client: ApiClient, cluster: string): Promise<void> => {
  const { cluster: found } = await client.ask(KnownClusterDocument, { cluster });
  if (found === null) throw await noCluster(client, cluster);
};

/** Of the namespaces that are there now. */
const namespaceNames = async (client: ApiClient, cluster: string): Promise<readonly string[]> => {
  const found = await allNodes(async after => {
    const answer = await client.ask(KnownNamespacesDocument, { cluster, after });
    if (answer.cluster === null) throw await noCluster(client, cluster);
    return answer.cluster.namespaces;
  });
  return found.map(({ name }) => name);
};

type Deployment = KnownDeploymentsQuery['deployments']['nodes'][number];

/** Also those that have ended: flows and alerts of the past are theirs. */
const deploymentsBy = ({ ask }: ApiClient, filter: DeploymentFilter) =>
  allNodes(
    async after =>
      (await ask(KnownDeploymentsDocument, { filter: { ...filter, ended: true }, after }))
        .deployments,
  );

/** Null: every cluster that the caller sees. */
type Where = string | null;

const within = (cluster: Where) => (cluster === null ? null : { eq: cluster });

const placeText = (cluster: Where): string =>
  cluster === null ? '' : ` of the cluster \`${cluster}\``;

const assertNamespaces = async (
  client: ApiClient,
  cluster: Where,
  namespaces: readonly string[],
): Promise<void> => {
  const present = cluster === null ? [] : await namespaceNames(client, cluster);
  for (const namespace of namespaces.filter(name => !present.includes(name))) {
    const past = { cluster: within(cluster), namespace: { eq: namespace } };
    if ((await deploymentsBy(client, past)).length > 0) continue;
    const known =
      cluster === null ? (await deploymentsBy(client, {})).map(one => one.namespace.name) : present;
    throw unknownName(
      `no namespace${placeText(cluster)} is named \`${namespace}\``,
      namespace,
      known,
      known.length === 0 ? 'none is known yet' : 'leave --namespace out to see all',
    );
  }
};

const isOfKind = ({ kind }: Deployment, wanted: string | null): boolean =>
  wanted === null || kind.toLowerCase() === wanted.toLowerCase();

const labelOf = ({ namespace, name }: Deployment): string => `${namespace.name}/${name}`;

/** The deployments that a text names. @throws Failure for none, with the nearest */
export const deploymentsNamed = async (
  client: ApiClient,
  cluster: Where,
  text: string,
): Promise<readonly Deployment[]> => {
  const wanted = deploymentText(text);
  const { namespace, name, kind } = wanted;
  const filter = {
    cluster: within(cluster),
    namespace: namespace === null ? null : { eq: namespace },
    name: { eq: name },
  };
  const found = (await deploymentsBy(client, filter)).filter(one => isOfKind(one, kind));
  if (found.length > 0) return found;
  const all = await deploymentsBy(client, { cluster: within(cluster) });
  const names = wanted.namespace === null ? all.map(({ name }) => name) : all.map(labelOf);
  throw unknownName(
    `no deployment${placeText(cluster)} is named \`${text}\``,
    wanted.namespace === null ? wanted.name : `${wanted.namespace}/${wanted.name}`,
    names,
    'write `name`, `namespace/name` or `namespace/name[Kind]`, as `network-flow list` shows them',
  );
};

export type KnownScope = {
  /** Null: every cluster that the caller sees. */
  readonly cluster: string | null;
  readonly namespaces?: readonly (string | undefined)[];
  readonly deployments?: readonly (string | undefined)[];
};

const given = (names: readonly (string | undefined)[]): readonly string[] =>
  names.filter(name => name !== undefined);

/** @throws Failure for a cluster, namespace or deployment that is not there, with the nearest name */
export const assertKnown = async (
  client: ApiClient,
  { cluster, namespaces = [], deployments = [] }: KnownScope,
): Promise<void> => {
  if (cluster !== null) await assertCluster(client, cluster);
  if (given(namespaces).length > 0) await assertNamespaces(client, cluster, given(namespaces));
  for (const deployment of given(deployments)) await deploymentsNamed(client, cluster, deployment);
};

/** The category as rules have it, in whatever case it was written. */
export const categoryNamed = async ({ ask }: ApiClient, text: string): Promise<string> => {
  const rules = await allNodes(async after => {
    const { alertRules } = await ask(KnownCategoriesDocument, { after });
    if (alertRules === null) throw new Failure('the rules could not be read');
    return alertRules;
  });
  const known = [...new Set(rules.flatMap(({ categories }) => categories))].toSorted();
  const found = known.find(one => one.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  const all = known.map(one => `\`${one}\``).join(', ');
  throw unknownName(
    `no rule has the category \`${text}\``,
    text,
    known,
    `the categories are ${all}`,
  );
};
