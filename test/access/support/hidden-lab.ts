import assert from 'node:assert/strict';
import { lines } from '../../flows/support/intake.js';
import { documents, INGEST } from '../../support/lab.js';
import { sharedServer } from '../../support/shared-server.js';
import { FLOWS, HIDDEN, LAB, LABELLED, OTHER, OTHER_FLOWS, RULES } from './two-sides.js';

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
  rule: `mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) { rule { id } problems { message } } }`,
  notifier: `mutation ($input: CreateNotifierInput!) { createNotifier(input: $input) { notifier { id } problems { message } } }`,
  simulate: `mutation { simulatePolicies(input: { cluster: "lab", policySet: "hidden-set" }) {
    simulation { id } job { id } problems { message } } }`,
};

export type Sides = {
  /** Who sees everything. */
  readonly admin: Ask;
  /** An ADMIN of the namespace `shop` of `lab`. */
  readonly scoped: Ask;
  /** An ADMIN of the workloads of `lab` whose labels are those of `shop`. */
  readonly labelled: Ask;
  /** An ADMIN of all of `lab`, who sees nothing of the other cluster. */
  readonly whole: Ask;
  /** Tokens, for other doors than `/graphql`. */
  readonly secrets: Readonly<Record<'scoped' | 'labelled' | 'whole', string>>;
  readonly url: string;
  /** What the database holds, but for the audit log and when tokens were used: to be compared. */
  readonly stateOf: () => Promise<object>;
  /** Of the scope, and of what was made by who sees everything. */
  readonly ids: Readonly<Record<string, string>>;
  /** Ids of the API, of what is outside of each scope, as who sees everything is shown them. */
  readonly foreign: Readonly<Record<'scoped' | 'labelled' | 'whole', readonly string[]>>;
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
  await done(MUTATIONS.notifier, {
    name: 'hidden-hook',
    kind: 'ALERTMANAGER',
    url: 'https://hooks.example.org',
    enabled: false,
  });
  const rules: Data[] = [];
  for (const rule of RULES) rules.push(await done(MUTATIONS.rule, rule));
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
    hiddenRule: rules[1].rule.id,
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

const TABLES = `select table_name as name from information_schema.tables where table_schema = 'public'
  and table_type = 'BASE TABLE' and table_name not like 'audit%' and table_name not in ('access_token', 'job_worker')`;

async function stateOf(): Promise<object> {
  const { source } = server();
  const tables: readonly { readonly name: string }[] = await source.query(TABLES);
  const sums = tables.map(
    ({ name }) =>
      `select '${name}' as name, count(*)::text as rows, md5(string_agg(t::text, '' order by t::text)) as sum from "${name}" t`,
  );
  const tokens = `select 'access_token', count(*)::text, string_agg(t.name || coalesce(t.revoked_at::text, ''), '' order by t.id) from access_token t`;
  return source.query(`${[...sums, tokens].join(' union all ')} order by 1`);
}

async function prepared(): Promise<Sides> {
  const anonymous = asking(null);
  const made = await fill(anonymous);
  const admin = asking(await tokenBy(anonymous, { name: 'root', roles: ['ADMIN'] }));
  const limited = (name: string, scope: object): Promise<string> =>
    tokenBy(admin, { name, roles: ['ADMIN'], clusters: ['lab'], ...scope });
  const secrets = {
    scoped: await limited('team shop', { namespaces: ['shop'] }),
    labelled: await limited('team labels', { selector: LABELLED }),
    whole: await limited('team lab', {}),
  };
  const scoped = asking(secrets.scoped);
  const rows: readonly { readonly id: string }[] = await server().source.query(ROWS);
  assert.ok(rows.length >= 10);
  const hiddenIds = rows.map(({ id }) => id);
  const web = await scoped(
    '{ deployment(cluster: "lab", namespace: "shop", name: "web") { id baseline { id } } }',
  );
  const { id, baseline } = web.data.deployment;
  const ids = { web: id, baseline: baseline.id, ...made };
  const beyond = await foreignIds(admin);
  return {
    admin,
    scoped,
    labelled: asking(secrets.labelled),
    whole: asking(secrets.whole),
    secrets,
    url: server().server,
    stateOf,
    ids,
    foreign: beyond,
    hiddenIds,
    assertHidden: searching(hiddenIds),
  };
}

const FOREIGN = `{ deployments(first: 500) { nodes { id name cluster { name } } } alerts(first: 500) { nodes { id cluster { name } } }
  flows(first: 500) { nodes { id cluster { name } } }
  jobs { nodes { id cluster { name } } } simulations { nodes { id cluster { name } } } alertRules { nodes { id name } }
  tokens { nodes { id name } } notifiers { nodes { id name } } policySet(cluster: "lab", name: "hidden-set") { id name } }`;

const fewOfEachType = (ids: readonly string[]): readonly string[] => {
  const byType = Map.groupBy(ids, id => Buffer.from(id, 'base64url').toString().split(':', 1)[0]);
  return [...byType.values()].flatMap(some => some.slice(0, 2));
};

const OWN_NAMES = ['own', 'team shop', 'team labels', 'team lab', 'web', 'api', 'idle'];

/** Of what somebody with a scope must not change: of the other cluster and of every cluster, and where `inLab` what was made by who sees all. */
async function foreignIds(admin: Ask): Promise<Sides['foreign']> {
  const { data, errors } = await admin(FOREIGN);
  assert.deepEqual([errors, data?.notifiers.nodes.length], [undefined, 1]);
  const listed: readonly Data[] = Object.values(data).flatMap(
    (list: Data) => list.nodes ?? [{ ...list, cluster: { name: 'lab' } }],
  );
  const foreign = listed.filter(({ name }) => !OWN_NAMES.includes(name));
  const all = fewOfEachType(foreign.map(({ id }) => id));
  const other = foreign.filter(({ cluster }) => cluster?.name !== 'lab');
  const whole = fewOfEachType(other.map(({ id }) => id));
  return { scoped: all, labelled: all, whole };
}

/** Once for all tests of a file: hooks run before its server is there. */
let preparing: Promise<Sides> | null = null;
export const ready = (): Promise<Sides> => {
  preparing ??= prepared();
  return preparing;
};
