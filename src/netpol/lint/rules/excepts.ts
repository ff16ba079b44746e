import { workloadNameOf } from '../../peers/workload-name.js';
import { Direction, type PortMatch, Protocol, Tier } from '../../policy.js';
import { Severity } from '../../problem.js';
import type { Connection, Reason } from '../../verdict.js';
import type { Remark } from '../finding.js';
import { isAllowed, podEnd, type Target } from '../probe.js';
import { isSelectable, type LintContext, type LintRule, nameOfPolicy, onRule } from '../rule.js';
import { pathOfPeer, type RuleSite } from '../site.js';
import { peerSitesOf } from './selectors.js';

/** The first port that a rule opens by number: where it opens all, one that is hardly special. */
const targetOf = (ports: readonly PortMatch[] | null): Target | null => {
  if (ports === null) return { port: 443, protocol: Protocol.TCP };
  const range = ports.find(port => port.kind === 'range');
  return range === undefined ? null : { port: range.from, protocol: range.protocol };
};

const nameOf = ({ policy }: Reason): string =>
  `\`${policy.kind} ${policy.namespace === null ? '' : `${policy.namespace}/`}${policy.name}\``;

/** Rules add up: what one takes out another may let in again, and then the exception is none. */
export const exceptUndone: LintRule = {
  id: 'except-undone',
  severity: Severity.WARNING,
  description: 'An exception of an ipBlock that another rule allows all the same',
  check: context =>
    peerSitesOf(context.policies)
      .filter(({ site }) => site.policy.tier === Tier.NETWORK_POLICY)
      .flatMap(({ site, peer, index }) => {
        const target = targetOf(site.rule.ports);
        if (peer.kind !== 'ip-block' || target === null) return [];
        return peer.except.flatMap((cidr, at) =>
          undone(context, site, {
            cidr,
            target,
            path: `${pathOfPeer(site, index)}.ipBlock.except[${at}]`,
          }),
        );
      }),
};

type Exception = { readonly cidr: string; readonly target: Target; readonly path: string };

function undone(
  context: LintContext,
  site: RuleSite,
  { cidr, target, path }: Exception,
): readonly Remark[] {
  const isOut = site.direction === Direction.EGRESS;
  const pod = context.inventory.subjectsOf(site.policy).find(each => isSelectable(context, each));
  if (pod === undefined) return [];
  const [end, block] = [podEnd(pod), { kind: 'block', cidr } as const];
  const connection: Connection = isOut
    ? { source: end, destination: block, ...target }
    : { source: block, destination: end, ...target };
  const halves = context.probeAlone(connection);
  if (!isAllowed(isOut ? halves.egress : halves.ingress)) return [];
  const { egress, ingress } = context.explain(connection);
  const others = (isOut ? egress : ingress).reasons.filter(({ rule }) => rule !== null);
  const by = [...new Set(others.map(nameOf))].join(', ');
  return [
    onRule(site, {
      message: `the exception \`${cidr}\` in ${nameOfPolicy(site.policy)} has no effect for \`${workloadNameOf(pod)}\`: ${by} allows ${target.protocol} ${target.port} ${isOut ? 'to' : 'from'} it`,
      path,
      hint: 'except it there as well, or say both in one policy: rules of all policies add up',
    }),
  ];
}
