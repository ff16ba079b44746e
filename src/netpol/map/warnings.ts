import type { Compiled } from '../compile/compiled.js';
import { nodesByAddress } from '../compile/nodes.js';
import type { CompiledPolicy } from '../compile/program.js';
import { counted } from '../counted.js';
import { Direction, type Policy } from '../policy.js';
import { type Problem, Severity } from '../problem.js';

const titleOf = ({ kind, namespace, name }: Policy): string =>
  `${kind} \`${namespace === null ? '' : `${namespace}/`}${name}\``;

const rulesOf = ({ rules }: CompiledPolicy) => [
  ...(rules[Direction.INGRESS] ?? []),
  ...(rules[Direction.EGRESS] ?? []),
];

const warning = (policy: Policy, what: string, pods: number): Problem => ({
  code: 'MISSING_ADDRESS',
  severity: Severity.WARNING,
  message: `${what} of ${titleOf(policy)} cannot be held against ${pods === 1 ? 'one kind' : counted(pods, 'kind')} of pods whose address is not known; they count as not matched`,
  path: null,
  place: policy.place,
  hint: 'give pods with their addresses, as `kubectl get pods -o json` writes them',
});

const notHeld = (
  policy: Policy,
  what: string,
  hint = 'ask `netpol explain` for a domain name',
): Problem => ({
  code: 'NOT_DRAWN',
  severity: Severity.WARNING,
  message: `\`${what}\` of ${titleOf(policy)} cannot be held against addresses outside the cluster; they count as not matched`,
  path: null,
  place: policy.place,
  hint,
});

/** Nodes are drawn as the addresses of Node objects (row 41). */
function notDrawn(compiled: CompiledPolicy, isNodeShown: boolean): readonly Problem[] {
  const { policy } = compiled;
  const rules = rulesOf(compiled);
  return [
    ...(rules.some(rule => rule.domains.length > 0) ? [notHeld(policy, 'domainNames')] : []),
    ...(!isNodeShown && rules.some(rule => rule.nodes.length > 0)
      ? [notHeld(policy, 'nodes', 'add Node objects to the input, with their addresses')]
      : []),
  ];
}

/** Policies that ask for the address of pods of which it is not known, and for what no address tells. */
export function mapWarnings({ engine, modes }: Compiled): readonly Problem[] {
  const { withoutAddress, classes } = engine.index;
  const hosts = withoutAddress.filter(id => classes[id]?.hostNetwork === true).length;
  const seen = modes.ipBlockPods === 'by-address' ? withoutAddress.length : 0;
  const byBlocks = seen > 0 || modes.hostNetwork === 'pods' ? seen : hosts;
  const isNodeShown = nodesByAddress(engine.index.nodes).size > 0;
  return engine.policies.flatMap(compiled => {
    const rules = rulesOf(compiled);
    const { policy, subjects } = compiled;
    if (subjects.length === 0) return [];
    const networks = rules.some(rule => rule.networks.length > 0) && withoutAddress.length > 0;
    const blocks = rules.some(rule => rule.ipBlocks.length > 0) && byBlocks > 0;
    return [
      ...(networks ? [warning(policy, 'networks', withoutAddress.length)] : []),
      ...(blocks ? [warning(policy, 'ipBlocks', byBlocks)] : []),
      ...notDrawn(compiled, isNodeShown),
    ];
  });
}
