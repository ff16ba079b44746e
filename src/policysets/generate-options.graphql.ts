import { Field, InputType, registerEnumType } from 'type-graphql';
import { CidrScalar, JsonScalar } from '../graphql/scalars.graphql.js';
import {
  BUILT_IN_PROFILES,
  Directions,
  DnsPeers,
  ExternalGrouping,
  type GenerateOptions,
  IngressSources,
  nearestName,
  type Profile,
  ProfileFault,
  parseProfile,
} from '../netpol/index.js';
import { badInput } from '../query/api-error.js';
import { DeleteExisting, PROTECTED_NAMESPACES, type Reserved } from './left-alone.js';
import type { PolicyProfile } from './policy-profile.js';

registerEnumType(Directions, {
  name: 'PolicyDirections',
  description: 'For which directions generated policies isolate a deployment.',
  valuesConfig: {
    OBSERVED: { description: 'Those in which usable traffic of it was seen' },
    BOTH: { description: 'Both, whatever was seen' },
    INGRESS: { description: 'For ingress alone' },
    EGRESS: { description: 'For egress alone' },
  },
});

registerEnumType(IngressSources, {
  name: 'IngressSources',
  description:
    'Who is let in through an entrance: a LoadBalancer, NodePort, Ingress, Gateway or Route that the inventory shows.',
  valuesConfig: {
    CONTROLLER: {
      description:
        'Through routes the pods of the ingress controller where they are known; everybody through all others',
    },
    ANYWHERE: { description: 'Everybody: `0.0.0.0/0`, and `::/0` where the cluster has IPv6' },
    BLOCKS: { description: 'The addresses of `ingressBlocks`' },
    OBSERVED: { description: 'Clients that were seen, and nobody else' },
  },
});

registerEnumType(DnsPeers, {
  name: 'DnsPeers',
  description: 'Where the rule for DNS leads, beside resolvers at addresses of their own.',
  valuesConfig: {
    PODS: { description: 'The pods that answer DNS' },
    NAMESPACE: { description: 'All pods of their namespaces' },
    ALL_NAMESPACES: { description: 'All pods of all namespaces' },
  },
});

registerEnumType(ExternalGrouping, {
  name: 'ExternalGrouping',
  description: 'How addresses outside are put together in rules.',
  valuesConfig: {
    ADDRESS: { description: 'Exactly the addresses that were seen' },
    NAME: { description: 'All addresses of a name, on all ports of any of them' },
    BLOCK: { description: 'The named block (`externalBlocks`) that an address lies in' },
    PROVIDER: { description: 'All blocks of that name' },
  },
});

registerEnumType(DeleteExisting, {
  name: 'DeleteExisting',
  description:
    'Which NetworkPolicies in force the set stands instead of. They are listed, never deleted.',
  valuesConfig: {
    NONE: { description: 'None: the set comes beside them' },
    GENERATED_ONLY: { description: 'Those with the label of generated policies' },
    ALL: { description: 'All that select no deployment but those of the scope' },
  },
});

@InputType('GenerateOptionsInput', { description: 'How policies are generated.' })
export class GenerateOptionsInput {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether observed calls to the cloud metadata service become rules; default false',
  })
  readonly allowMetadata?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Key of the label that every policy carries; default `network-policy-generator.stackrox.io/generated`',
  })
  readonly labelKey?: string | null;

  @Field(() => String, { nullable: true, description: 'Value of that label; default `true`' })
  readonly labelValue?: string | null;

  @Field(() => Directions, {
    nullable: true,
    description: 'For which directions deployments are isolated; default OBSERVED',
  })
  readonly directions?: Directions | null;

  @Field(() => IngressSources, {
    nullable: true,
    description: 'Whom entrances let in; default CONTROLLER',
  })
  readonly ingressSources?: IngressSources | null;

  @Field(() => [CidrScalar], {
    nullable: true,
    description: 'Whom entrances let in, with `ingressSources: BLOCKS`; at most 500',
  })
  readonly ingressBlocks?: string[] | null;

  @Field(() => DnsPeers, {
    nullable: true,
    description: 'Where the rule for DNS leads; default PODS',
  })
  readonly dnsPeers?: DnsPeers | null;

  @Field(() => [CidrScalar], {
    nullable: true,
    description: 'Further resolvers, which all policies open on port 53; at most 500',
  })
  readonly dnsBlocks?: string[] | null;

  @Field(() => [CidrScalar], {
    nullable: true,
    description:
      'Where nodes are and may come to be, instead of the addresses of those that are known; at most 500',
  })
  readonly nodeBlocks?: string[] | null;

  @Field(() => ExternalGrouping, {
    nullable: true,
    description: 'How addresses outside are put together; default ADDRESS',
  })
  readonly external?: ExternalGrouping | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Zones of namespaces, which get policies for all of their pods: the name of a profile that comes with the program (`gpu`) or of a stored one (`putPolicyProfile`), or a profile: `{name, zones: [{name, labels, deny: [INGRESS|EGRESS], internet, rules: [{direction, zone|blocks, ports: [{protocol, port}]}]}]}`. A rule without `zone` and `blocks` is about all pods of the namespace',
  })
  readonly profile?: unknown;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether rules, ports and blocks are merged where the engine proves that every pair is allowed exactly the same; default false',
  })
  readonly minimise?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether comments in the YAML name the peer of each rule, when and how often it was seen, how sure the rule is, and what the window did not show; default true',
  })
  readonly comments?: boolean | null;

  @Field(() => DeleteExisting, {
    nullable: true,
    description: 'Which NetworkPolicies in force the set stands instead of; default NONE',
  })
  readonly deleteExisting?: DeleteExisting | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether deployments get a policy for which somebody wrote one that is in force; default false: they are left alone',
  })
  readonly replaceHandWritten?: boolean | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Namespaces without policies unless `namespaces` names them; default `kube-system`, `kube-public`, `kube-node-lease`; at most 500',
  })
  readonly protectedNamespaces?: string[] | null;
}

const LABEL = { key: 'network-policy-generator.stackrox.io/generated', value: 'true' };

const MOST_ENTRIES = 500;

const bounded = (name: string, list: readonly string[] | null | undefined): readonly string[] => {
  if ((list?.length ?? 0) > MOST_ENTRIES)
    throw badInput(`\`${name}\` has more than ${MOST_ENTRIES} entries`);
  return list ?? [];
};

const labelOf = ({ labelKey, labelValue }: GenerateOptionsInput) => ({
  key: labelKey ?? LABEL.key,
  value: labelValue ?? LABEL.value,
});

function blocksOf(input: GenerateOptionsInput) {
  const ingressBlocks = bounded('ingressBlocks', input.ingressBlocks);
  if (input.ingressSources === IngressSources.BLOCKS && ingressBlocks.length === 0)
    throw badInput('`ingressSources` is BLOCKS, and `ingressBlocks` names none');
  if (input.ingressSources !== IngressSources.BLOCKS && ingressBlocks.length > 0)
    throw badInput('`ingressBlocks` has no effect without `ingressSources: BLOCKS`');
  return {
    ingressBlocks,
    dnsBlocks: bounded('dnsBlocks', input.dnsBlocks),
    nodeBlocks: bounded('nodeBlocks', input.nodeBlocks),
  };
}

/** Profiles of the cluster, as they were stored. */
type OwnProfiles = readonly Pick<PolicyProfile, 'name' | 'definition'>[];

function profileNamed(name: string, own: OwnProfiles): Profile {
  const builtIn = Object.hasOwn(BUILT_IN_PROFILES, name) ? BUILT_IN_PROFILES[name] : undefined;
  if (builtIn !== undefined) return builtIn;
  const found = own.find(one => one.name === name);
  if (found !== undefined) return parseProfile(found.definition);
  const names = [...Object.keys(BUILT_IN_PROFILES), ...own.map(one => one.name)];
  const near = nearestName(name, names);
  throw badInput(
    `no profile \`${name}\`${near === null ? '' : `, perhaps \`${near}\``}; there is ${names.join(', ')}`,
  );
}

/** @throws ApiError where it is none */
function profileOf(value: unknown, own: OwnProfiles): Profile | null {
  if (value === null) return null;
  if (typeof value === 'string') return profileNamed(value, own);
  try {
    return parseProfile(value);
  } catch (error) {
    if (error instanceof ProfileFault) throw badInput(error.message);
    throw error;
  }
}

/** What was asked for, completed. @throws ApiError for an option without effect */
export const optionsOf = (input: GenerateOptionsInput, own: OwnProfiles): GenerateOptions => ({
  label: labelOf(input),
  allowMetadata: input.allowMetadata ?? false,
  directions: input.directions ?? Directions.OBSERVED,
  ingressSources: input.ingressSources ?? IngressSources.CONTROLLER,
  dnsPeers: input.dnsPeers ?? DnsPeers.PODS,
  external: input.external ?? ExternalGrouping.ADDRESS,
  minimise: input.minimise ?? false,
  profile: profileOf(input.profile ?? null, own),
  ...blocksOf(input),
});

export const reservedOf = (input: GenerateOptionsInput): Reserved => ({
  label: labelOf(input),
  protectedNamespaces:
    input.protectedNamespaces === null || input.protectedNamespaces === undefined
      ? PROTECTED_NAMESPACES
      : bounded('protectedNamespaces', input.protectedNamespaces),
  deleteExisting: input.deleteExisting ?? DeleteExisting.NONE,
  replaceHandWritten: input.replaceHandWritten ?? false,
});
