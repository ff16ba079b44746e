import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { lines, record, workload } from '../flows/support/intake.js';
import type { ServerFixture } from './server.js';
import { sharedServer } from './shared-server.js';

/** `shop/web` is a deployment, all else an address. */
const endOf = (text: string): object => {
  const [namespace = '', name] = text.split('/');
  return name === undefined ? { ip: text } : workload(name, namespace);
};

/** A record of the neutral format, of TCP at 10:00 where `other` says nothing else. */
export const flow = (
  source: string,
  destination: string,
  port: number | null,
  other: object = {},
): object => record({ source: endOf(source), destination: endOf(destination), port, ...other });

/** Objects as the documents of one text. */
export const documents = (...objects: readonly object[]): string =>
  objects.map(object => JSON.stringify(object)).join('\n---\n');

const IMPORT = `mutation ($input: ImportInventoryInput!) { importInventory(input: $input) {
  cluster { id } counts { changed ended merged policies } problems { code severity message } } }`;
/** Of records in a format, as text. */
export const INGEST = `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) {
  accepted duplicates problems { code severity message } } }`;
const EVALUATING = `query ($cluster: String!) { cluster(name: $cluster) { evaluating } }`;
const END = `{ __typename ... on Deployment { name namespace { name } } ... on ExternalEntity { name }
  ... on ClusterNode { name } ... on UnresolvedPeer { name } }`;
const FLOWS = `query ($filter: FlowFilter!) { flows(first: 500, filter: $filter) { totalCount nodes {
  source ${END} destination ${END} protocol port policyVerdict governed policyBasis tags
  explanation { verdict governed basis } } } }`;

type End = {
  readonly __typename: string;
  readonly name: string;
  readonly namespace?: { readonly name: string };
};

const KINDS: Readonly<Record<string, string>> = {
  ExternalEntity: 'EXTERNAL:',
  ClusterNode: 'NODE:',
  UnresolvedPeer: 'UNRESOLVED:',
};

const endText = ({ __typename, name, namespace }: End): string =>
  namespace === undefined ? `${KINDS[__typename]}${name}` : `${namespace.name}/${name}`;

/** What `flows` asks of one. */
type Judged = {
  readonly source: End;
  readonly destination: End;
  readonly protocol: string;
  readonly port: number | null;
  readonly policyVerdict: string;
  readonly governed: boolean;
  readonly policyBasis: string;
  readonly tags: readonly string[];
  readonly explanation: object;
};

const edgeText = ({ source, destination, protocol, port }: Judged): string =>
  `${endText(source)} -> ${endText(destination)} ${protocol} ${port ?? '-'}`;

/** `ALLOWED by policy [ACTIVE ALLOWED]`; the flow's explanation must say the same. */
function verdictText(judged: Judged): string {
  const { policyVerdict: verdict, policyBasis: basis, governed, tags } = judged;
  assert.deepEqual(judged.explanation, { verdict, governed, basis }, edgeText(judged));
  return `${verdict} by ${basis}${governed ? '' : ', ungoverned'} [${tags.join(' ')}]`;
}

const WAIT_MS = 10_000;

/** Asks again until it is true; fails after ten seconds. */
export async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + WAIT_MS;
  while (!(await isTrue())) {
    assert.ok(Date.now() < end, `${what} within ${WAIT_MS} ms`);
    await pause(25);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the answer has the shape of the question
type Data = any;

/** One cluster of a server, as a client works with it. */
export type Lab = Pick<ServerFixture, 'ask' | 'send' | 'execute'> & {
  readonly cluster: string;
  /** A mutation or query that takes one `input`, with the cluster's name in it: answers its payload. */
  readonly call: (document: string, input?: object) => Promise<Data>;
  /** The same where it must fail: answers the code and message of its one error. */
  readonly refused: (
    document: string,
    input?: object,
  ) => Promise<{ readonly code: string; readonly message: string }>;
  /** Imports a snapshot; then the verdicts are those of the cluster as it shows it. */
  readonly take: (
    objects: readonly object[],
    settings?: { readonly mode?: 'MERGE' | 'REPLACE'; readonly observedAt?: string },
  ) => Promise<Data>;
  /** Ingests records, all of which are taken. */
  readonly see: (...records: readonly object[]) => Promise<void>;
  /** Verdicts of its flows by edge: `ALLOWED by policy [ACTIVE ALLOWED]`; flows that a filter takes. */
  readonly verdicts: (filter?: object) => Promise<Readonly<Record<string, string>>>;
};

function labOf({ ask, send, execute }: ServerFixture, cluster: string): Lab {
  const call: Lab['call'] = async (document, input = {}) => {
    const data = await ask(document, { input: { cluster, ...input } });
    return Object.values(data)[0];
  };
  return {
    ask,
    send,
    execute,
    cluster,
    call,
    refused: async (document, input = {}) => {
      const { data, errors = [] } = await send(document, { input: { cluster, ...input } });
      const [error, ...others] = errors;
      assert.ok(error !== undefined && others.length === 0, JSON.stringify({ data, errors }));
      const { code } = error.extensions as { readonly code: string };
      return { code, message: error.message };
    },
    take: async (objects, settings = {}) => {
      const taken = await call(IMPORT, { manifests: documents(...objects), ...settings });
      assert.notEqual(taken.cluster, null, JSON.stringify(taken.problems));
      await until(
        async () => !(await ask(EVALUATING, { cluster })).cluster.evaluating,
        'verdicts are renewed',
      );
      return taken;
    },
    see: async (...records) => {
      const taken = await call(INGEST, { format: 'neutral', records: lines(...records) });
      assert.deepEqual(taken, { accepted: records.length, duplicates: 0, problems: [] });
    },
    verdicts: async (filter = {}) => {
      const { flows } = await ask(FLOWS, { filter: { ...filter, cluster: { eq: cluster } } });
      const judged: readonly Judged[] = flows.nodes;
      assert.equal(flows.totalCount, judged.length);
      return Object.fromEntries(judged.map(one => [edgeText(one), verdictText(one)]));
    },
  };
}

/** A server for the tests of a file, and a cluster of its own for each name. */
export function labs(): (cluster: string) => Lab {
  const server = sharedServer();
  return cluster => labOf(server(), cluster);
}
