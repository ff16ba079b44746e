import type { ContainerPort } from '../facts.js';
import type { Protocol } from '../policy.js';
import { type PortSet, portSetOf } from '../ports/port-set.js';

/** The named ports of a pod: all that a policy can see of its containers. */
export type PortProfile = {
  readonly id: number;
  readonly named: readonly (ContainerPort & { readonly name: string })[];
};

export type ProfileTable = {
  of(ports: readonly ContainerPort[]): PortProfile;
  /** By their ids. */
  readonly all: readonly PortProfile[];
};

const isNamed = (port: ContainerPort): port is ContainerPort & { name: string } =>
  port.name !== null;

/** Pods with the same named ports share one profile, whatever their order; profile 0 has none. */
export function profileTable(): ProfileTable {
  const profiles = new Map<string, PortProfile>();
  const all: PortProfile[] = [];
  const of = (ports: readonly ContainerPort[]): PortProfile => {
    const named = ports.filter(isNamed);
    const key =
      named.length === 0
        ? ''
        : [...new Set(named.map(({ name, port, protocol }) => `${name}/${protocol}/${port}`))]
            .sort()
            .join(' ');
    const known = profiles.get(key);
    if (known !== undefined) return known;
    const profile = { id: profiles.size, named };
    profiles.set(key, profile);
    all.push(profile);
    return profile;
  };
  of([]);
  return { of, all };
}

export const NO_PROFILE: PortProfile = { id: 0, named: [] };

/** Several containers may repeat a name: the union. `protocol` null takes the port's own. */
export const resolveNamed = (
  profile: PortProfile,
  name: string,
  protocol: Protocol | null,
): PortSet =>
  portSetOf(
    profile.named
      .filter(port => port.name === name && (protocol === null || port.protocol === protocol))
      .map(port => ({ protocol: port.protocol, from: port.port, to: port.port })),
  );
