import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { ImportMode } from '../inventory/inventory-import.js';
import type { AlertRuleDefinition } from './alert-rule.js';
import { AlertRuleType } from './alert-rule-type.graphql.js';
import { ruleIdOf } from './alert-rules.graphql.js';
import {
  type ImportKnownBadInput,
  type ImportKnownBadOutcome,
  KnownBadFormat,
} from './import-known-bad.js';

registerEnumType(KnownBadFormat, {
  name: 'KnownBadFormat',
  description: 'How a list of known bad addresses is written.',
  valuesConfig: {
    PLAIN: {
      description: 'An address or block in each line; what follows `#` or `;` is a comment',
    },
    STIX: {
      description:
        'STIX 2.1 as JSON: a bundle, a page of TAXII 2.1, or an array. Taken are indicators whose patterns compare `ipv4-addr:value` or `ipv6-addr:value` by `=`, `IN` or `ISSUBSET`, joined by OR, each for its time',
    },
  },
});

@InputType('ImportKnownBadInput', { description: 'A list of known bad addresses.' })
class ImportKnownBadInputType {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the rule that it is for; the one that comes with the program by default',
  })
  readonly rule?: string | null;

  @Field(() => KnownBadFormat, { description: 'How it is written' })
  readonly format!: KnownBadFormat;

  @Field(() => String, { description: 'The list' })
  readonly text!: string;

  @Field(() => ImportMode, {
    defaultValue: ImportMode.REPLACE,
    description:
      'REPLACE: the rule knows this list and nothing else. MERGE: it is added, what is over or revoked in it goes',
  })
  readonly mode!: ImportMode;

  @Field(() => Int, {
    nullable: true,
    description: 'Refuses the change where the rule has another version',
  })
  readonly expectedVersion?: number | null;
}

@ObjectType('ImportKnownBadPayload', { description: 'The rule as it is now.' })
class ImportKnownBadPayload {
  @Field(() => AlertRuleType, { nullable: true, description: 'Null when nothing was done' })
  readonly rule!: AlertRuleDefinition | null;

  @Field(() => Int, { description: 'Addresses and blocks that it knows now and did not before' })
  readonly added!: number;

  @Field(() => Int, { description: 'Addresses and blocks that it knew before and does not now' })
  readonly removed!: number;

  @Field(() => [ProblemType], { description: 'What was left out, and why' })
  readonly problems!: readonly ProblemType[];
}

type Context = {
  readonly useCases: {
    readonly importKnownBad: (input: ImportKnownBadInput) => Promise<ImportKnownBadOutcome>;
  };
};

@Resolver()
export class KnownBadResolver {
  @Mutation(() => ImportKnownBadPayload, {
    description:
      'Brings the list of a rule about known bad addresses up to date. What is not in the list raises nothing any more; alerts of before stay.',
  })
  async importKnownBad(
    @Arg('input', () => ImportKnownBadInputType, { description: 'The list, and whose' })
    { rule, format, text, mode, expectedVersion = null }: ImportKnownBadInputType,
    @Ctx() { useCases }: Context,
  ): Promise<ImportKnownBadPayload> {
    const { problems, ...outcome } = await useCases.importKnownBad({
      ...(rule && { id: ruleIdOf(rule) }),
      format,
      text,
      mode,
      expectedVersion,
    });
    return { ...outcome, problems: problems.map(problemOf) };
  }
}
