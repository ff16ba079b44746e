import type { Peer } from '../../policy.js';
import { Severity } from '../../problem.js';
import { addressesOf } from '../address-axis.js';
import { type AxisSet, isEmptyAxis, subtractAxis } from '../axis.js';
import type { Remark } from '../finding.js';
import { podsInBlocks } from '../pods-in-block.js';
import { type LintRule, nameOfPolicy, onRule } from '../rule.js';
import { pathOfPeer } from '../site.js';
import { peerSitesOf } from './selectors.js';

const cidrsOf = (peer: Peer): readonly string[] => {
  if (peer.kind === 'ip-block') return [peer.cidr];
  return peer.kind === 'networks' ? peer.cidrs : [];
};

const exceptOf = (peer: Peer): readonly string[] => (peer.kind === 'ip-block' ? peer.except : []);

export const ipBlockEverything: LintRule = {
  id: 'ip-block-everything',
  severity: Severity.WARNING,
  description: 'An allowing rule for every IPv4 or every IPv6 address',
  eachAlone: true,
  check: ({ policies }) =>
    peerSitesOf(policies)
      .filter(({ site }) => site.rule.action === 'ALLOW')
      .flatMap(({ site, peer, index }) =>
        cidrsOf(peer)
          .filter(cidr => /\/0+$/.test(cidr))
          .map(cidr =>
            onRule(site, {
              message: `a peer of ${nameOfPolicy(site.policy)} is \`${cidr}\`${exceptOf(peer).length > 0 ? ' with exceptions' : ''}: ${cidr.includes(':') ? 'IPv6' : 'IPv4'} as a whole`,
              path: pathOfPeer(site, index),
              hint: 'name the blocks that are needed, and except the cluster’s and private ranges',
            }),
          ),
      ),
};

export const ipBlockEmpty: LintRule = {
  id: 'ip-block-empty',
  severity: Severity.WARNING,
  description: 'An ipBlock whose exceptions leave no address',
  eachAlone: true,
  check: ({ policies }) =>
    peerSitesOf(policies).flatMap(({ site, peer, index }) =>
      peer.kind === 'ip-block' &&
      isEmptyAxis(
        peer.except.reduce<AxisSet>(
          (left, hole) => subtractAxis(left, addressesOf(hole)),
          addressesOf(peer.cidr),
        ),
      )
        ? onRule(site, {
            message: `the exceptions of \`${peer.cidr}\` in ${nameOfPolicy(site.policy)} leave no address`,
            path: pathOfPeer(site, index),
            hint: 'remove the peer, or some of its exceptions',
          })
        : [],
    ),
};

export const exceptWithoutEffect: LintRule = {
  id: 'except-without-effect',
  severity: Severity.WARNING,
  description: 'An exception of an ipBlock that other exceptions of it already take out',
  eachAlone: true,
  check: ({ policies }) =>
    peerSitesOf(policies).flatMap(({ site, peer, index }) =>
      exceptOf(peer).flatMap((except, at): readonly Remark[] => {
        // Of equal exceptions the first stays.
        const others = exceptOf(peer).filter(
          (other, place) => place < at || (place > at && other !== except),
        );
        const left = others.reduce<AxisSet>(
          (rest, other) => subtractAxis(rest, addressesOf(other)),
          addressesOf(except),
        );
        return isEmptyAxis(left)
          ? [
              onRule(site, {
                message: `exception \`${except}\` in ${nameOfPolicy(site.policy)} is contained in the others`,
                path: `${pathOfPeer(site, index)}.ipBlock.except[${at}]`,
                hint: 'remove it',
              }),
            ]
          : [];
      }),
    ),
};

/**
 * "Cluster ingress and egress mechanisms often require rewriting the source or destination IP":
 * what a block does to pods depends on the plugin, and pods' addresses do not last.
 */
export const ipBlockOnPods: LintRule = {
  id: 'ip-block-on-pods',
  severity: Severity.WARNING,
  description: 'An ipBlock of one or few addresses that pods of the input have',
  eachAlone: true,
  check: ({ facts, policies }) => {
    const podsIn = podsInBlocks(facts.pods);
    return peerSitesOf(policies).flatMap(({ site, peer, index }) => {
      if (peer.kind !== 'ip-block' || /\/\d$/.test(peer.cidr)) return [];
      const [pod, ...more] = podsIn(peer.cidr, peer.except);
      if (pod === undefined) return [];
      const count = more.length === 0 ? '' : ` and of ${more.length} more`;
      return onRule(site, {
        message: `\`${peer.cidr}\` in ${nameOfPolicy(site.policy)} holds the address of \`${pod.namespace}/${pod.name}\`${count}: most plugins match no pod by an ipBlock`,
        path: pathOfPeer(site, index),
        hint: 'select pods by their labels',
      });
    });
  },
};
