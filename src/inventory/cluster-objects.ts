import type { KubernetesObject } from '../netpol/index.js';
import { type ClusterRange, RangeSource } from './cluster-range.js';
import { cidrsIn, isCiliumNode, isNode, podCidrsOf } from './node-object.js';
import { items, within } from './object-history.js';

/** Blocks from which addresses of pods are taken on any node: of Calico, and of OpenShift. */
function poolsOf({ kind, apiVersion, value }: KubernetesObject): readonly string[] {
  if (kind === 'IPPool' && /^(?:crd\.)?projectcalico\.org\//.test(apiVersion))
    return cidrsIn([within(value, 'spec', 'cidr')]);
  if (kind === 'Network' && apiVersion.startsWith('config.openshift.io/'))
    return cidrsIn(
      items(within(value, 'status', 'clusterNetwork')).map(one => within(one, 'cidr')),
    );
  return [];
}

function serviceCidrsOf({ kind, apiVersion, value }: KubernetesObject): readonly string[] {
  if (kind === 'ServiceCIDR') return cidrsIn(items(within(value, 'spec', 'cidrs')));
  if (kind === 'Network' && apiVersion.startsWith('config.openshift.io/'))
    return cidrsIn(items(within(value, 'status', 'serviceNetwork')));
  return [];
}

/** Where objects say that the cluster's own addresses lie. */
export const rangesIn = (objects: readonly KubernetesObject[]): readonly ClusterRange[] =>
  objects.flatMap((object): readonly ClusterRange[] => {
    const pods = isNode(object) || isCiliumNode(object) ? podCidrsOf(object) : [];
    return [
      ...pods.map(cidr => ({ cidr, source: RangeSource.POD_CIDR })),
      ...poolsOf(object).map(cidr => ({ cidr, source: RangeSource.POD_POOL })),
      ...serviceCidrsOf(object).map(cidr => ({ cidr, source: RangeSource.SERVICE_CIDR })),
    ];
  });
