import type { PodFact } from '../../facts.js';
import { Protocol } from '../../policy.js';
import { Severity } from '../../problem.js';
import type { Connection } from '../../verdict.js';
import type { Remark } from '../finding.js';
import { ofPod } from '../on.js';
import { addressEnd, connectionOf, isAllowed, listed, podEnd } from '../probe.js';
import { isSelectable, type LintContext, type LintRule } from '../rule.js';

/** Where AWS, Google Cloud and Azure, then AWS over IPv6, then Alibaba Cloud hand out credentials. */
const METADATA_SERVICES = ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200'] as const;

const towards = (pod: PodFact, address: string): Connection =>
  connectionOf(podEnd(pod), addressEnd(address), { port: 80, protocol: Protocol.TCP });

/** Once a namespace: where one workload may, mostly all may. */
export const metadataReachable: LintRule = {
  id: 'cloud-metadata-reachable',
  severity: Severity.WARNING,
  description:
    'Workloads that may reach a cloud’s metadata service, which hands out credentials; once a namespace',
  check: context => {
    const reaching = context.inventory.workloads.flatMap(workload => {
      if (!isSelectable(context, workload.pod)) return [];
      const reached = METADATA_SERVICES.filter(address =>
        isAllowed(context.probeAlone(towards(workload.pod, address)).whole),
      );
      return reached.length === 0 ? [] : [{ ...workload, reached }];
    });
    return [...Map.groupBy(reaching, ({ namespace }) => namespace)].flatMap(([, workloads]) => {
      const [first] = workloads;
      if (first === undefined) return [];
      const reached = METADATA_SERVICES.filter(address =>
        workloads.some(each => each.reached.includes(address)),
      );
      return {
        on: [ofPod(first.pod)],
        message: `${listed(workloads.map(({ name }) => name))} may reach the cloud’s metadata service at ${listed(reached)}`,
        hint: 'isolate egress, and except these addresses where a whole family is allowed',
        ...placeOfRule(context, first.pod, first.reached),
      };
    });
  },
};

/** The rule that lets the first of them through, if it is one. */
function placeOfRule(
  { explain }: LintContext,
  pod: PodFact,
  reached: readonly string[],
): Pick<Remark, 'place'> {
  const rule = reached
    .flatMap(address => explain(towards(pod, address)).egress.reasons)
    .find(reason => reason.rule !== null);
  return rule === undefined ? {} : { place: rule.place };
}
