import type { PodFact } from '../../facts.js';
import { Protocol } from '../../policy.js';
import { Severity } from '../../problem.js';
import type { Connection } from '../../verdict.js';
import { addressEnd, connectionOf, isAllowed, listed, podEnd } from '../probe.js';
import { isSelectable, type LintRule } from '../rule.js';

/** Where AWS, Google Cloud and Azure, then AWS over IPv6, then Alibaba Cloud hand out credentials. */
const METADATA_SERVICES = ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200'] as const;

const towards = (pod: PodFact, address: string): Connection =>
  connectionOf(podEnd(pod), addressEnd(address), { port: 80, protocol: Protocol.TCP });

export const metadataReachable: LintRule = {
  id: 'cloud-metadata-reachable',
  severity: Severity.WARNING,
  description: 'A workload that may reach a cloud’s metadata service, which hands out credentials',
  check: context =>
    context.inventory.workloads.flatMap(({ name, pod }) => {
      if (!isSelectable(context, pod)) return [];
      const reached = METADATA_SERVICES.filter(address =>
        isAllowed(context.probe(towards(pod, address))),
      );
      if (reached.length === 0) return [];
      const rule = reached
        .flatMap(address => context.explain(towards(pod, address)).egress.reasons)
        .find(reason => reason.rule !== null);
      return {
        message: `\`${name}\` may reach the cloud’s metadata service at ${listed(reached)}`,
        hint: 'isolate its egress, and except these addresses where a whole family is allowed',
        ...(rule === undefined ? {} : { place: rule.place }),
      };
    }),
};
