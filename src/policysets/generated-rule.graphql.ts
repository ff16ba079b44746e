import {
  Field,
  FieldResolver,
  Float,
  Int,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { Direction } from '../graphql/policy-words.graphql.js';
import { BigIntScalar, DateTimeScalar } from '../graphql/scalars.graphql.js';
import { confidenceOf, RuleOrigin } from '../netpol/index.js';
import { gradeOf, originOf, type StoredEvidence, type StoredRule } from './policy-set.js';

registerEnumType(RuleOrigin, {
  name: 'RuleOrigin',
  description: 'Why there is a rule.',
  valuesConfig: {
    OBSERVED: { description: 'Flows asked for it' },
    DNS: { description: 'Without DNS nothing resolves' },
    DNS_SERVER: { description: 'The pods answer DNS, and are open to all who ask' },
    ENTRANCE: {
      description:
        'A LoadBalancer, NodePort, Ingress, Gateway or Route leads to the pods; of an ingress controller: to the backends',
    },
    API_SERVER: { description: 'The API server calls a webhook or an aggregated API of the pods' },
    SCRAPE: { description: 'A monitor or an annotation asks that the pods be scraped' },
    PROFILE: { description: 'The profile asks for it' },
  },
});

const Confidence = { HIGH: 'HIGH', MEDIUM: 'MEDIUM', LOW: 'LOW' } as const;
registerEnumType(Confidence, {
  name: 'Confidence',
  description: 'How sure a rule is, from the days and events behind it.',
  valuesConfig: {
    HIGH: { description: 'Seen on 7 days or more' },
    MEDIUM: { description: 'Seen on 2 days or more, or 100 times' },
    LOW: { description: 'Seen on one day only, and less than 100 times' },
  },
});

@ObjectType('Evidence', { description: 'The flows behind a rule.' })
class EvidenceType {
  @Field(() => Int, { description: 'Distinct flows behind the rule' })
  readonly flows!: number;

  @Field(() => DateTimeScalar, { description: 'First time that one of them was seen' })
  readonly first!: string;

  @Field(() => DateTimeScalar, { description: 'Last time that one of them was seen' })
  readonly last!: string;

  @Field(() => Int, { description: 'Days with traffic' })
  readonly days!: number;

  @Field(() => BigIntScalar, { description: 'Events of all flows and days' })
  readonly events!: string;

  @Field(() => Confidence, { description: 'How sure the rule is' })
  readonly confidence!: string;
}

const evidenceOf = (evidence: StoredEvidence): EvidenceType => ({
  flows: evidence.flows,
  first: evidence.firstSeenAt,
  last: evidence.lastSeenAt,
  days: evidence.days,
  events: evidence.events,
  confidence: gradeOf(evidence),
});

@ObjectType('GeneratedRule', {
  description: 'One rule of a generated policy, with the flows that caused it.',
})
export class GeneratedRuleType {
  @Field(() => Direction, { description: 'Into the deployment, or out of it' })
  readonly direction!: Direction;

  @Field(() => String, {
    description:
      '`namespace/name`, `EXTERNAL:address`, `DNS`, or what is called so in `origin`: an entrance, the nodes, the API server. It ends in `cluster nodes` where the rule holds the addresses of all nodes',
  })
  readonly peer!: string;

  @Field(() => [String], { description: '`TCP 8080`; `TCP` alone is every port of the protocol' })
  readonly ports!: readonly string[];

  @Field(() => [String], {
    nullable: true,
    description:
      'Of `ports` those that no flow used: long answers of DNS come over TCP, so that who asks and who answers get UDP and TCP alike. Null: none',
  })
  readonly unseen?: readonly string[];
}

@Resolver(() => GeneratedRuleType)
export class GeneratedRuleResolver {
  @FieldResolver(() => EvidenceType, {
    nullable: true,
    description: 'Null where no flow asked for the rule: it is kept on purpose (`origin`)',
  })
  evidence(@Root() { evidence }: StoredRule): EvidenceType | null {
    return evidence === null ? null : evidenceOf(evidence);
  }

  @FieldResolver(() => RuleOrigin, { description: 'Why there is the rule' })
  origin(@Root() rule: StoredRule): RuleOrigin {
    return originOf(rule);
  }

  @FieldResolver(() => Float, {
    description:
      'How sure the rule is, 0 to 1 in hundredths: `(0.7 × min(1, days / 7) + 0.3 × min(1, log10(1 + events) / 2)) × seen`, where `seen` is lowered by each thing that the window did not show; 1 where no flow asked for the rule',
  })
  confidence(@Root() { confidence, evidence }: StoredRule): number {
    const counted = evidence && { days: evidence.days, events: BigInt(evidence.events) };
    return confidence ?? confidenceOf(counted, 1);
  }
}
