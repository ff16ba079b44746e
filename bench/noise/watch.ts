import { parse } from 'yaml';
import { guardOf, manifestsOf, OPEN } from './cluster.js';
import {
  BAD_ADDRESS,
  FORBIDDEN,
  INCIDENTS,
  type Incident,
  LAST_DAY,
  SET,
  SILENT_HOURS,
} from './incidents.js';
import { type FlowRecord, HOUR_MS, START } from './record.js';
import { ordinaryDay } from './week.js';

export type Ask = (document: string, variables: object) => Promise<unknown>;

/** An alert of a week, as lists show it: what belongs to another is left out. */
export type WeekAlert = {
  readonly rule: string;
  readonly rules: readonly string[];
  /** `namespace/name` of its deployment; of one without, the name of what it is about. */
  readonly about: string;
  readonly message: string;
};

/** Baselines learn until then, and those of the shops are locked; the week after is the one that is judged. */
const LEARNED = 7;

const IMPORT = `mutation ($input: ImportInventoryInput!) { importInventory(input: $input) { problems { severity message } } }`;
const INGEST = `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) { accepted problems { message } } }`;
const LEARN = `mutation ($input: GenerateBaselinesInput!) { generateBaselines(input: $input) { baselines { state } problems { message } } }`;
const LOCK = `mutation ($input: LockBaselinesInput!) { lockBaselines(input: $input) { baselines { state } problems { message } } }`;
const FORBID = `mutation ($input: ForbidBaselineEntriesInput!) { forbidBaselineEntries(input: $input) { changed problems { message } } }`;
const GENERATE = `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) { policies { yaml } problems { message } } }`;
const TEST = `mutation ($input: TestAlertRuleInput!) { testAlertRule(input: $input) { alerts { groupName why } problems { message } } }`;
const RULES = `query { alertRules(first: 50) { nodes { id criterion } } }`;
const CHANGE = `mutation ($input: UpdateAlertRuleInput!) { updateAlertRule(input: $input) { problems { message } } }`;
const ALERTS = `query ($cluster: String!, $since: TimeBound!, $after: String) {
  alerts(first: 200, after: $after, filter: { cluster: { eq: $cluster }, since: $since }) {
    nodes { rule rules message groupName deployment { name namespace { name } } } pageInfo { hasNextPage endCursor } } }`;

const dayText = (day: number): string => new Date(START + day * 24 * HOUR_MS).toISOString();

type Page = {
  readonly alerts: {
    readonly nodes: readonly {
      readonly rule: string;
      readonly rules: readonly string[];
      readonly message: string;
      readonly groupName: string;
      readonly deployment: {
        readonly name: string;
        readonly namespace: { readonly name: string };
      } | null;
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
};

async function alertsOf(ask: Ask, cluster: string): Promise<readonly WeekAlert[]> {
  const found: WeekAlert[] = [];
  let after: string | null = null;
  do {
    const { alerts } = (await ask(ALERTS, { cluster, since: dayText(LEARNED), after })) as Page;
    for (const { deployment, groupName, ...alert } of alerts.nodes)
      found.push({
        ...alert,
        about: deployment ? `${deployment.namespace.name}/${deployment.name}` : groupName,
      });
    after = alerts.pageInfo.hasNextPage ? alerts.pageInfo.endCursor : null;
  } while (after !== null);
  return found;
}

type Rule = { readonly id: string; readonly criterion: string };

const rulesOf = async (ask: Ask): Promise<readonly Rule[]> =>
  ((await ask(RULES, {})) as { readonly alertRules: { readonly nodes: readonly Rule[] } })
    .alertRules.nodes;

/** Switches on those that are off by default too, and tells the one about known bad addresses of one. */
export async function setRules(ask: Ask): Promise<void> {
  for (const { id, criterion } of await rulesOf(ask))
    await ask(CHANGE, {
      input: { id, enabled: true, ...(criterion === 'KNOWN_BAD' && { addresses: [BAD_ADDRESS] }) },
    });
}

/** Silence is by the clock, and these weeks are of the past: what the rule would have raised. */
async function gapsOf(ask: Ask, cluster: string): Promise<readonly WeekAlert[]> {
  const rule = (await rulesOf(ask)).find(({ criterion }) => criterion === 'INGESTION_GAP');
  const input = { id: rule?.id, cluster, since: dayText(LEARNED), until: dayText(LAST_DAY + 1) };
  const { testAlertRule } = (await ask(TEST, { input })) as {
    readonly testAlertRule: {
      readonly alerts: readonly { readonly groupName: string; readonly why: string }[];
    };
  };
  return testAlertRule.alerts.map(({ groupName, why }) => ({
    rule: 'INGESTION_GAP',
    rules: ['INGESTION_GAP'],
    about: groupName,
    message: why,
  }));
}

type Policy = { readonly spec: { readonly ingress?: readonly object[] } };

/** Learns and locks, forbids something, and generates the set that is applied. */
async function settle(ask: Ask, cluster: string): Promise<readonly Policy[]> {
  const until = dayText(LEARNED);
  await ask(LEARN, { input: { cluster, until } });
  const namespaces = [
    'shop-east',
    'shop-west',
    'shop-north',
    'training',
    'ingress',
    'certificates',
  ];
  await ask(LOCK, { input: { cluster, namespaces } });
  const { deployment, ...entry } = FORBIDDEN;
  await ask(FORBID, { input: { cluster, deployments: [deployment], entries: [entry] } });
  const scope = { name: SET.name, namespaces: [SET.namespace] };
  const { generatePolicies } = (await ask(GENERATE, {
    input: { cluster, from: 'FLOWS', until, ...scope },
  })) as { readonly generatePolicies: { readonly policies: readonly { readonly yaml: string }[] } };
  return generatePolicies.policies.map(({ yaml }) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    ...(parse(yaml) as Policy),
  }));
}

/** What is in force on a day. */
function policiesOn(day: number, set: readonly Policy[], isTampered: boolean): readonly object[] {
  const [first, ...others] = set;
  const own = [OPEN, guardOf('cart', 'audit', ...(isTampered ? ['ads'] : []))];
  if (first === undefined || day === LEARNED) return own;
  const open = { ...first, spec: { ...first.spec, ingress: [{}] } };
  return [...own, isTampered ? open : first, ...others];
}

const isSilent = ({ time }: FlowRecord): boolean => {
  const hour = (Date.parse(time) - START) / HOUR_MS;
  return hour >= SILENT_HOURS[0] && hour < SILENT_HOURS[1];
};

const BY_TIME = (one: FlowRecord, other: FlowRecord): number => (one.time < other.time ? -1 : 1);

/** Two weeks of a cluster, day by day; what the second one raised. */
export async function weekOf(
  ask: Ask,
  cluster: string,
  seed: number,
  incidents: readonly Incident[],
): Promise<readonly WeekAlert[]> {
  let set: readonly Policy[] = [];
  for (let day = 0; day <= LAST_DAY; day++) {
    const isLast = day === LAST_DAY && incidents.length > 0;
    const manifests = manifestsOf(day, policiesOn(day, set, isLast));
    await ask(IMPORT, { input: { cluster, mode: 'REPLACE', manifests, observedAt: dayText(day) } });
    if (day === LEARNED) set = await settle(ask, cluster);
    const ordinary = ordinaryDay(day, seed);
    const injected = isLast ? incidents.flatMap(({ records }) => records) : [];
    const records = [
      ...(isLast ? ordinary.filter(record => !isSilent(record)) : ordinary),
      ...injected,
    ].toSorted(BY_TIME);
    const lines = records.map(record => JSON.stringify(record)).join('\n');
    await ask(INGEST, { input: { cluster, format: 'neutral', records: lines } });
  }
  return [...(await alertsOf(ask, cluster)), ...(await gapsOf(ask, cluster))];
}

export type RuleFigure = {
  readonly rule: string;
  readonly raised: number;
  /** Of the alerts those that an incident explains; 1 where there are none. */
  readonly precision: number;
  readonly incidents: number;
  /** Of the incidents that the rule must tell those that it told. */
  readonly recall: number;
};

const explains = ({ about, rule, also }: Incident, alert: WeekAlert, told: string): boolean =>
  about === alert.about && [rule, ...also].includes(told);

const share = (some: number, all: number): number => (all === 0 ? 1 : some / all);

/** By rule, in the order of names. */
export function figuresOf(alerts: readonly WeekAlert[]): readonly RuleFigure[] {
  const rules = [
    ...new Set([...alerts.flatMap(one => one.rules), ...INCIDENTS.map(({ rule }) => rule)]),
  ].toSorted();
  return rules.map(rule => {
    const raised = alerts.filter(one => one.rules.includes(rule));
    const right = raised.filter(alert => INCIDENTS.some(one => explains(one, alert, rule)));
    const wanted = INCIDENTS.filter(one => one.rule === rule);
    const told = wanted.filter(one => raised.some(alert => alert.about === one.about));
    return {
      rule,
      raised: raised.length,
      precision: share(right.length, raised.length),
      incidents: wanted.length,
      recall: share(told.length, wanted.length),
    };
  });
}
