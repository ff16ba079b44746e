import { isEvidence, knownFlows, observedFlows } from '../../src/enforcement/observed.js';
import { factsOf } from '../../src/inventory/facts.js';
import {
  betweenPods,
  compile,
  judgeAll,
  type ObservedFlow,
  parsePolicies,
  withoutScans,
  withTwins,
} from '../../src/netpol/index.js';
import type { GenerateOutcome } from '../../src/policysets/generate.js';
import { setYaml } from '../../src/policysets/policy-set.js';
import type { AtWork, Cost } from './at-work.js';

const CLUSTER = 1;
const LABEL = { key: 'generated', value: 'true' };
const ALL_TIME = { since: null, until: null };

/** Policies for every deployment of the cluster of `seedEdges`, from all flows, stored. */
export const generateAll = ({
  database,
  costOf,
}: AtWork): Promise<readonly [Cost, GenerateOutcome]> =>
  costOf(() =>
    database.useCases.generate({
      clusterId: CLUSTER,
      scope: { namespaces: null, deployments: null },
      from: 'FLOWS',
      window: ALL_TIME,
      name: 'generated',
      options: { label: LABEL },
      reserved: {
        label: LABEL,
        protectedNamespaces: [],
        deleteExisting: 'NONE',
        replaceHandWritten: false,
      },
      comments: true,
    }),
  );

export type Evaluation = {
  readonly cost: Cost;
  readonly policies: number;
  /** Flows that are a reason for a rule; what looks like a scan is none. */
  readonly flows: number;
  /** Those of them that no rule can name, as generation says of each: an end is a node, or nobody knows who it is. */
  readonly withoutRule: number;
  /** All others that the policies do not let through. */
  readonly denied: readonly ObservedFlow[];
};

const canHaveRule = ({ source, destination }: ObservedFlow): boolean =>
  [source, destination].every(({ kind }) => kind !== 'node' && kind !== 'unresolved');

/** The engine's own evaluation of what was generated: reads the text, compiles it, judges every flow. */
export async function evaluate(
  { database, costOf }: AtWork,
  { policySet }: GenerateOutcome,
): Promise<Evaluation> {
  if (policySet === null) throw new Error('no policy was generated');
  const { stores } = database;
  const items = await stores.policySets.itemsOf([policySet]);
  const text = setYaml(items);
  const { facts } = await factsOf(stores.facts, CLUSTER, null);
  const scope = { clusterId: CLUSTER, namespaces: null, deployments: null };
  const known = (await knownFlows(stores, scope, ALL_TIME)).filter(isEvidence);
  const { flows } = withoutScans(facts, observedFlows(known));
  const [cost, denied] = await costOf(async () => {
    const { policies } = parsePolicies([{ file: null, text }]);
    const compiled = compile(withTwins(facts), policies);
    const judged = judgeAll(compiled, flows.map(betweenPods));
    return flows.filter((_, place) => judged.at(place).verdict === 'DENIED');
  });
  return {
    cost,
    policies: items.length,
    flows: flows.length,
    withoutRule: flows.filter(flow => !canHaveRule(flow)).length,
    denied: denied.filter(canHaveRule),
  };
}
