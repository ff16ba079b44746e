import { parseAddress } from '../../addresses/address.js';
import { contains, parseCidr } from '../../addresses/block.js';
import type { PodFact, ServiceFact } from '../../facts.js';
import { workloadNameOf } from '../../peers/workload-name.js';
import { Direction, type PortMatch, Tier } from '../../policy.js';
import { containsPort } from '../../ports/port-set.js';
import { Severity } from '../../problem.js';
import { isBehind, targetsOn } from '../behind.js';
import type { Remark } from '../finding.js';
import { connectionOf, isDenied, podEnd } from '../probe.js';
import { isSelectable, type LintContext, type LintRule, nameOfPolicy, onRule } from '../rule.js';
import { pathOfPeer } from '../site.js';
import { peerSitesOf } from './selectors.js';

const isOutward = ({ type }: ServiceFact): boolean =>
  type === 'NodePort' || type === 'LoadBalancer';

const podsBehind = (context: LintContext, service: ServiceFact): readonly PodFact[] =>
  context.inventory.workloads
    .map(({ pod }) => pod)
    .filter(pod => isSelectable(context, pod) && isBehind(service, pod));

const ANYWHERE = { kind: 'block', cidr: '0.0.0.0/0' } as const;

export const outwardServiceClosed: LintRule = {
  id: 'outward-service-closed',
  severity: Severity.WARNING,
  description:
    'A Service of type NodePort or LoadBalancer whose pods let in no address outside the cluster',
  check: context =>
    context.facts.services.filter(isOutward).flatMap(service => {
      const pods = podsBehind(context, service);
      return service.ports.flatMap((port): readonly Remark[] => {
        const targets = pods.flatMap(pod => targetsOn(pod, port).map(target => ({ pod, target })));
        const shut = targets.filter(({ pod, target }) =>
          isDenied(
            context.probe(
              connectionOf(ANYWHERE, podEnd(pod), { port: target, protocol: port.protocol }),
            ),
          ),
        );
        if (targets.length === 0 || shut.length < targets.length) return [];
        // That nobody at all is let in is told of the Service already.
        const isReached = targets.some(({ pod, target }) =>
          containsPort(context.reach().into(workloadNameOf(pod)), port.protocol, target),
        );
        if (!isReached) return [];
        const { namespace, name, type } = service;
        return [
          {
            on: [{ kind: 'Service', namespace, name }],
            message: `no address outside the cluster is let in to ${type} Service \`${namespace}/${name}\` port ${port.port}: its pods let in pods at most`,
            hint: 'allow ingress on the target port from the clients’ addresses, or make it a ClusterIP Service',
          },
        ];
      });
    }),
};

const opensPort = (ports: readonly PortMatch[] | null, pod: PodFact, target: number): boolean =>
  ports === null ||
  ports.some(port =>
    port.kind === 'range'
      ? port.from <= target && target <= port.to
      : pod.ports.some(({ name, port: own }) => name === port.name && own === target),
  );

/** "Cluster … obscures the client source IP and may cause a second hop to another node". */
export const nodePortBlock: LintRule = {
  id: 'node-port-ip-block',
  severity: Severity.WARNING,
  description:
    'An ingress ipBlock on pods behind a NodePort or LoadBalancer Service that may hide the client’s address',
  check: context => {
    const hiding = context.facts.services
      .filter(service => isOutward(service) && service.keepsClientAddress !== true)
      .map(service => ({ service, pods: podsBehind(context, service) }));
    if (hiding.length === 0) return [];
    return peerSitesOf(context.policies)
      .filter(({ site }) => site.direction === Direction.INGRESS)
      .flatMap(({ site, peer, index }): readonly Remark[] => {
        if (peer.kind !== 'ip-block' || /\/0+$/.test(peer.cidr)) return [];
        const subjects = new Set(context.inventory.subjectsOf(site.policy));
        const found = hiding.find(({ service, pods }) =>
          pods.some(
            pod =>
              subjects.has(pod) &&
              service.ports
                .flatMap(port => targetsOn(pod, port))
                .some(target => opensPort(site.rule.ports, pod, target)),
          ),
        );
        if (found === undefined) return [];
        const { type, namespace, name } = found.service;
        return [
          onRule(site, {
            message: `\`${peer.cidr}\` in ${nameOfPolicy(site.policy)} guards pods behind ${type} Service \`${namespace}/${name}\`, whose externalTrafficPolicy is Cluster: clients may arrive with the address of a node`,
            path: pathOfPeer(site, index),
            hint: 'set `externalTrafficPolicy: Local`, or allow the addresses of the nodes too',
          }),
        ];
      });
  },
};

/** Broader blocks are written for more than a Service. */
const NARROW = /\.\d+\/(?:2[4-9]|3[0-2])$|:.*\/1(?:1[2-9]|2\d)$/;

/** Row 19: the address of a Service is replaced by that of a pod before policies see it. */
export const clusterIpBlock: LintRule = {
  id: 'ip-block-on-cluster-ip',
  severity: Severity.WARNING,
  description: 'An egress ipBlock on the ClusterIP of a Service, which matches nothing',
  check: ({ facts, policies }) =>
    peerSitesOf(policies)
      .filter(({ site }) => site.direction === Direction.EGRESS)
      .flatMap(({ site, peer, index }): readonly Remark[] => {
        if (peer.kind !== 'ip-block' || !NARROW.test(peer.cidr)) return [];
        const block = parseCidr(peer.cidr);
        if (block === null || site.policy.tier !== Tier.NETWORK_POLICY) return [];
        const service = facts.services.find(({ clusterIps }) =>
          clusterIps.some(text => {
            const address = parseAddress(text);
            return address !== null && contains(block, address);
          }),
        );
        if (service === undefined) return [];
        return [
          onRule(site, {
            message: `\`${peer.cidr}\` in ${nameOfPolicy(site.policy)} holds the ClusterIP of Service \`${service.namespace}/${service.name}\`, which policies never see: they see the pods behind it, or their endpoints`,
            path: pathOfPeer(site, index),
            hint:
              service.selector === null
                ? 'name the addresses of its Endpoints'
                : 'select the pods behind it by their labels, at the target port',
          }),
        ];
      }),
};
