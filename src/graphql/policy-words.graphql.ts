import { registerEnumType } from 'type-graphql';
import { Action, Direction, Protocol, Tier } from '../netpol/index.js';

/*
 * Words of policies that types of several rooms use.
 */

registerEnumType(Direction, {
  name: 'Direction',
  description: 'The side of a connection that a rule is about.',
  valuesConfig: {
    INGRESS: { description: 'Into the pods' },
    EGRESS: { description: 'Out of the pods' },
  },
});

registerEnumType(Tier, {
  name: 'PolicyTier',
  description: 'Where a policy stands among the others; the first tier that decides counts.',
  valuesConfig: {
    ADMIN: { description: 'AdminNetworkPolicy, or ClusterNetworkPolicy of the tier Admin' },
    NETWORK_POLICY: { description: 'NetworkPolicy' },
    BASELINE: {
      description: 'BaselineAdminNetworkPolicy, or ClusterNetworkPolicy of the tier Baseline',
    },
  },
});

registerEnumType(Action, {
  name: 'PolicyAction',
  description: 'What a rule does with the connections that it matches.',
  valuesConfig: {
    ALLOW: { description: 'Lets them through' },
    DENY: { description: 'Blocks what it matches' },
    PASS: { description: 'Leaves them to the tiers below' },
  },
});

registerEnumType(Protocol, {
  name: 'PolicyProtocol',
  description: 'The protocols that policies, containers and Services can name.',
  valuesConfig: {
    TCP: { description: 'TCP' },
    UDP: { description: 'UDP' },
    SCTP: { description: 'SCTP' },
  },
});

export { Action, Direction, Protocol, Tier };
