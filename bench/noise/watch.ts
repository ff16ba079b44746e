import { manifestsOf } from './cluster.js';
import { BAD_ADDRESS, INCIDENTS, type Incident } from './incidents.js';
import { type FlowRecord, HOUR_MS, nodesOn, ordinaryDay, START } from './week.js';

export type Ask = (document: string, variables: object) => Promise<unknown>;

/** An alert of a week, as lists show it: what belongs to another is left out. */
export type WeekAlert = {
  readonly rule: string;
  readonly rules: readonly string[];
  readonly deployment: string;
  readonly message: string;
};

const DAYS = 7;
/** Baselines learn until then, and those of the shops are locked. */
const LEARNED = 4;

const IMPORT = `mutation ($input: ImportInventoryInput!) { importInventory(input: $input) { problems { severity message } } }`;
const INGEST = `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) { accepted problems { message } } }`;
const LEARN = `mutation ($input: GenerateBaselinesInput!) { generateBaselines(input: $input) { baselines { state } problems { message } } }`;
const LOCK = `mutation ($input: LockBaselinesInput!) { lockBaselines(input: $input) { baselines { state } problems { message } } }`;
const RULES = `query { alertRules(first: 50) { nodes { id criterion } } }`;
const CHANGE = `mutation ($input: UpdateAlertRuleInput!) { updateAlertRule(input: $input) { problems { message } } }`;
const ALERTS = `query ($cluster: String!, $after: String) {
  alerts(first: 200, after: $after, filter: { cluster: { eq: $cluster } }) {
    nodes { rule rules message deployment { name namespace { name } } } pageInfo { hasNextPage endCursor } } }`;

const dayText = (day: number): string => new Date(START + day * 24 * HOUR_MS).toISOString();

type Page = {
  readonly alerts: {
    readonly nodes: readonly {
      readonly rule: string;
      readonly rules: readonly string[];
      readonly message: string;
      readonly deployment: { readonly name: string; readonly namespace: { readonly name: string } };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
};

async function alertsOf(ask: Ask, cluster: string): Promise<readonly WeekAlert[]> {
  const found: WeekAlert[] = [];
  let after: string | null = null;
  do {
    const { alerts } = (await ask(ALERTS, { cluster, after })) as Page;
    for (const { deployment, ...alert } of alerts.nodes)
      found.push({ ...alert, deployment: `${deployment.namespace.name}/${deployment.name}` });
    after = alerts.pageInfo.hasNextPage ? alerts.pageInfo.endCursor : null;
  } while (after !== null);
  return found;
}

/** Tells the rule about known bad addresses of one, and switches on those that are off by default where asked. */
export async function setRules(ask: Ask, all: boolean): Promise<void> {
  const { alertRules } = (await ask(RULES, {})) as {
    readonly alertRules: {
      readonly nodes: readonly { readonly id: string; readonly criterion: string }[];
    };
  };
  for (const { id, criterion } of alertRules.nodes) {
    if (criterion === 'KNOWN_BAD') await ask(CHANGE, { input: { id, addresses: [BAD_ADDRESS] } });
    if (all && ['NEW_PORT', 'UNLEARNED'].includes(criterion))
      await ask(CHANGE, { input: { id, enabled: true } });
  }
}

const BY_TIME = (one: FlowRecord, other: FlowRecord): number => (one.time < other.time ? -1 : 1);

/** A week of a cluster, day by day; its alerts at the end. */
export async function weekOf(
  ask: Ask,
  cluster: string,
  seed: number,
  incidents: readonly Incident[],
): Promise<readonly WeekAlert[]> {
  for (let day = 0; day < DAYS; day++) {
    await ask(IMPORT, {
      input: { cluster, manifests: manifestsOf(nodesOn(day)), observedAt: dayText(day) },
    });
    if (day === LEARNED) {
      await ask(LEARN, { input: { cluster, until: dayText(LEARNED) } });
      const namespaces = ['shop-east', 'shop-west', 'shop-north', 'training', 'ingress'];
      await ask(LOCK, { input: { cluster, namespaces } });
    }
    const injected = day === DAYS - 1 ? incidents.flatMap(({ records }) => records) : [];
    const records = [...ordinaryDay(day, seed), ...injected].toSorted(BY_TIME);
    const lines = records.map(record => JSON.stringify(record)).join('\n');
    await ask(INGEST, { input: { cluster, format: 'neutral', records: lines } });
  }
  return alertsOf(ask, cluster);
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

const explains = ({ deployment, rule, also }: Incident, alert: WeekAlert, told: string): boolean =>
  deployment === alert.deployment && [rule, ...also].includes(told);

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
    const told = wanted.filter(one => raised.some(alert => alert.deployment === one.deployment));
    return {
      rule,
      raised: raised.length,
      precision: share(right.length, raised.length),
      incidents: wanted.length,
      recall: share(told.length, wanted.length),
    };
  });
}
