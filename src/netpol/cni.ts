import type { Cni } from './cni-difference.js';
import { AZURE_CILIUM, CILIUM, GKE } from './cni-on-cilium.js';
import { ANTREA, AWS, AZURE, CALICO, FLANNEL, OVN, ROUTER } from './cni-others.js';

/**
 * What is known of plugins, each with who says so: their documentation, or where that is silent their maintainers or
 * their code, as read in November 2026. Versions move on: an effect names the version that it depends on where the
 * source does. Of what no source tells nothing is said, or that it is not known.
 */
export const CNIS: readonly Cni[] = [
  CALICO,
  CILIUM,
  ANTREA,
  OVN,
  AWS,
  AZURE,
  AZURE_CILIUM,
  GKE,
  ROUTER,
  FLANNEL,
];

/** By name or alias, in any case; null for one that is not known. */
export function cniNamed(name: string): Cni | null {
  const wanted = name.toLowerCase();
  return CNIS.find(cni => cni.name === wanted || cni.aliases.includes(wanted)) ?? null;
}
