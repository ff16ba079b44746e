import assert from 'node:assert/strict';
import { lines } from '../../flows/support/intake.js';
import { documents, INGEST } from '../../support/lab.js';
import { sharedServer } from '../../support/shared-server.js';
import { FLOWS, HIDDEN, LAB, OTHER, OTHER_FLOWS } from './two-sides.js';

// biome-ignore lint/suspicious/noExplicitAny: answers are searched as text
export type Data = any;
export type Answer = {
  readonly data: Data;
  readonly errors?: readonly { readonly message: string }[];
};
export type Ask = (query: string, variables?: object) => Promise<Answer>;

const server = sharedServer();

const asking =
  (token: string | null): Ask =>
  async (query, variables = {}) => {
    const response = await fetch(`${server().server}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  };

const CREATE = `mutation ($input: CreateTokenInput!) { createToken(input: $input) { secret problems { code } } }`;

async function tokenBy(ask: Ask, input: object): Promise<string> {
  const { data, errors } = await ask(CREATE, { input });
  assert.deepEqual([errors, data?.createToken.problems], [undefined, []]);
  return data.createToken.secret;
}

const IMPORT = `mutation ($input: ImportInventoryInput!) { importInventory(input: $input) {
  cluster { id } problems { severity message } } }`;
const MUTATIONS = {
  blocks: `mutation { importExternalBlocks(input: { cluster: "lab", blocks: [
    { name: "hidden-block", cidrs: ["198.51.100.0/24"] }, { name: "seen-block", cidrs: ["203.0.113.0/28"] }] }) {
    problems { message } } }`,
  ranges: `mutation { setClusterRanges(input: { cluster: "lab", cidrs: ["10.66.0.0/16"] }) { problems { message } } }`,
  learn: `mutation { generateBaselines(input: { cluster: "lab" }) { problems { message } } }`,
  lock: `mutation { lockBaselines(input: { cluster: "lab" }) { problems { message } } }`,
  generate: `mutation { generatePolicies(input: { cluster: "lab", name: "hidden-set" }) {
    policySet { id } job { id } problems { message } } }`,
  simulate: `mutation { simulatePolicies(input: { cluster: "lab", policySet: "hidden-set" }) {
    simulation { id } job { id } problems { message } } }`,
};

export type Sides = {
  /** Who sees everything. */
  readonly admin: Ask;
  /** An ADMIN of the namespace `shop` of `lab`. */
  readonly scoped: Ask;
  /** Of the scope, and of what was made by who sees everything. */
  readonly ids: Readonly<Record<string, string>>;
  /** Ids of rows, which no answer may hold, plain or in an id of the API. */
  readonly hiddenIds: readonly string[];
  /** @param asked what may come back since the caller said it */
  readonly assertHidden: (query: string, answer: Answer, asked?: readonly string[]) => void;
};

async function fill(ask: Ask): Promise<Sides['ids']> {
  const done = async (query: string, input?: object): Promise<Data> => {
    const { data, errors } = await ask(query, { input });
    assert.equal(errors, undefined, JSON.stringify(errors));
    return Object.values(data)[0];
  };
  const late = { time: '2026-11-22T10:30:00Z' };
  await done(IMPORT, { cluster: 'lab', manifests: documents(...LAB) });
  await done(IMPORT, { cluster: 'hidden-other', manifests: documents(...OTHER) });
  await done(MUTATIONS.blocks);
  await done(MUTATIONS.ranges);
  const ingest = (cluster: string, records: readonly object[]) =>
    done(INGEST, { cluster, format: 'neutral', records: lines(...records) });
  await ingest('lab', FLOWS.slice(0, 6));
  await ingest('hidden-other', OTHER_FLOWS);
  await done(MUTATIONS.learn);
  await done(MUTATIONS.lock);
  // Off the baselines that are locked now: alerts.
  await ingest(
    'lab',
    FLOWS.slice(6).map(one => ({ ...one, ...late })),
  );
  const generated = await done(MUTATIONS.generate);
  const simulated = await done(MUTATIONS.simulate);
  return {
    hiddenSet: generated.policySet.id,
    hiddenJob: generated.job.id,
    hiddenSimulation: simulated.simulation.id,
  };
}

const ROWS = `select p.id from peer p join cluster c on c.id = p.cluster_id
    where p.namespace like 'hidden%' or p.kind = 'NODE' or c.name = 'hidden-other' or p.name like '198.51%'
  union all select f.id from flow f join peer s on s.cluster_id = f.cluster_id and s.id = f.source_id
    join peer d on d.cluster_id = f.cluster_id and d.id = f.destination_id
    where s.namespace like 'hidden%' or d.namespace like 'hidden%'
  union all select a.id from alert a join peer p on p.cluster_id = a.cluster_id and p.id in (a.peer_id, a.deployment_id)
    where p.namespace like 'hidden%'`;

/** The texts of an answer, and what those that are base64 hold. */
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value, Buffer.from(value, 'base64url').toString('latin1')];
  if (typeof value !== 'object' || value === null) return [];
  return [...Object.keys(value), ...Object.values(value).flatMap(textsIn)];
};

const searching =
  (hiddenIds: readonly string[]): Sides['assertHidden'] =>
  (query, answer, asked = []) => {
    for (const text of textsIn({
      data: answer.data,
      errors: answer.errors?.map(one => one.message),
    })) {
      const rest = asked.reduce((left, said) => left.replaceAll(said, ''), text);
      assert.doesNotMatch(rest, HIDDEN, `${query}\n${JSON.stringify(answer)}`);
      const id = hiddenIds.find(one => text.includes(one));
      assert.equal(id, undefined, `${query}\n${JSON.stringify(answer)}`);
    }
  };

async function prepared(): Promise<Sides> {
  const anonymous = asking(null);
  const made = await fill(anonymous);
  const admin = asking(await tokenBy(anonymous, { name: 'root', roles: ['ADMIN'] }));
  const scope = { clusters: ['lab'], namespaces: ['shop'] };
  const scoped = asking(await tokenBy(admin, { name: 'team shop', roles: ['ADMIN'], ...scope }));
  const rows: readonly { readonly id: string }[] = await server().source.query(ROWS);
  assert.ok(rows.length >= 10);
  const hiddenIds = rows.map(({ id }) => id);
  const web = await scoped(
    '{ deployment(cluster: "lab", namespace: "shop", name: "web") { id baseline { id } } }',
  );
  const { id, baseline } = web.data.deployment;
  const ids = { web: id, baseline: baseline.id, ...made };
  return { admin, scoped, ids, hiddenIds, assertHidden: searching(hiddenIds) };
}

/** Once for all tests of a file: hooks run before its server is there. */
let preparing: Promise<Sides> | null = null;
export const ready = (): Promise<Sides> => {
  preparing ??= prepared();
  return preparing;
};
