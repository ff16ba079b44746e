import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import { connectionOf, PageArgumentsType } from '../graphql/connection.graphql.js';
import { StringFilterInput, TimeFilterInput } from '../graphql/filter.graphql.js';
import { BigIntScalar, DateTimeScalar } from '../graphql/scalars.graphql.js';
import { mapPage, type Page } from '../query/page.js';
import { type AuditLine, AuditResult } from './audit.js';
import type { AuditRow } from './audit.store.js';
import type { AuditFilter } from './audit-filter.js';
import type { AuditExport } from './export-audit.js';
import type { AuditVerification } from './verify-audit.js';

registerEnumType(AuditResult, {
  name: 'AuditResult',
  description: 'What came of something that somebody asked for.',
  valuesConfig: {
    DONE: { description: 'It was done' },
    REJECTED: { description: 'Nothing was done: the input has a fault' },
    REFUSED: { description: 'The caller may not do that, or nobody knows who it is' },
    FAILED: { description: 'Something broke in the server' },
    UNKNOWN: { description: 'The server ended before it could say' },
  },
});

@ObjectType('AuditEntry', { description: 'Who did what, when, from where, and what came of it.' })
class AuditEntryType {
  @Field(() => BigIntScalar, { description: 'Its place in the log, from 1, without gaps' })
  readonly seq!: string;

  @Field(() => DateTimeScalar, { description: 'When it was asked for' })
  readonly at!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the caller; null: nobody knows who it was',
  })
  readonly actor!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Who it is, whatever the name: `token ID`, `issuer NAME:SUBJECT`; null: nobody known, or an older version wrote the entry',
  })
  readonly principal!: string | null;

  @Field(() => [String], { description: 'Roles of the caller at that time' })
  readonly roles!: readonly string[];

  @Field(() => String, { nullable: true, description: 'Address that it was asked from' })
  readonly address!: string | null;

  @Field(() => String, { description: 'Id of the request, as logs have it' })
  readonly requestId!: string;

  @Field(() => String, { description: 'What was asked for, such as `lockBaselines`' })
  readonly action!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What it was done to, such as `cluster lab`',
  })
  readonly target!: string | null;

  @Field(() => AuditResult, { description: 'What came of it' })
  readonly result!: AuditResult;

  @Field(() => String, { nullable: true, description: 'More about that; null: nothing to add' })
  readonly detail!: string | null;

  @Field(() => String, {
    description:
      'What was sealed: JSON text. Its hash is SHA-256 of `weirgate-audit-v1`, NUL, `prev`, NUL, this',
  })
  readonly text!: string;

  @Field(() => String, { description: 'Hash of the entry before, in hex; zeros before the first' })
  readonly prev!: string;

  @Field(() => String, { description: 'SHA-256 of the entry, in hex; `text` says over what' })
  readonly hash!: string;
}

const AuditConnection = connectionOf('AuditEntry', () => AuditEntryType);

@InputType('AuditFilter', { description: 'All given fields must hold.' })
class AuditFilterInput implements AuditFilter {
  @Field(() => StringFilterInput, { nullable: true, description: 'Name of the caller' })
  readonly actor?: StringFilterInput | null;

  @Field(() => StringFilterInput, { nullable: true, description: 'What was asked for' })
  readonly action?: StringFilterInput | null;

  @Field(() => AuditResult, { nullable: true, description: 'What came of it' })
  readonly result?: AuditResult | null;

  @Field(() => TimeFilterInput, { nullable: true, description: 'When it was asked for' })
  readonly at?: TimeFilterInput | null;
}

@ArgsType()
class AuditArguments extends PageArgumentsType {
  @Field(() => AuditFilterInput, { nullable: true, description: 'Which ones' })
  readonly filter?: AuditFilterInput | null;
}

@ObjectType('AuditVerification', { description: 'Whether the audit log is what was written.' })
class AuditVerificationType implements AuditVerification {
  @Field(() => Int, { description: 'Entries that are as they were sealed, from the first on' })
  readonly entries!: number;

  @Field(() => BigIntScalar, {
    description: '`seq` of the first entry that is kept; those before it were dropped by age',
  })
  readonly first!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'That the log has this head now, to be kept elsewhere and given as `checkpoint` another day; null: the log is empty or has a fault',
  })
  readonly checkpoint!: string | null;

  @Field(() => Boolean, {
    description: 'Whether checkpoints are signed: the server has a `WEIRGATE_SECRET_KEY`',
  })
  readonly signed!: boolean;

  @Field(() => String, {
    description:
      'Hash of the last of them. Keep it elsewhere: it shows whether the end is cut off later',
  })
  readonly head!: string;

  @Field(() => String, { nullable: true, description: 'What is wrong first of all; null: nothing' })
  readonly fault!: string | null;
}

@ObjectType('AuditExport', { description: 'A part of the audit log, in its order.' })
class AuditExportType implements AuditExport {
  @Field(() => [String], {
    description: 'JSON objects with `seq`, `prev`, `hash` and `text`, at most 5,000',
  })
  readonly lines!: readonly string[];

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'To be given as `after` for the next part; null: that was the end',
  })
  readonly next!: string | null;
}

type Context = {
  readonly now: () => Date;
  readonly useCases: {
    readonly auditPage: (
      filter: AuditFilter | null,
      page: PageArgumentsType,
    ) => Promise<Page<AuditRow>>;
    readonly verifyAuditLog: (checkpoint: string | null) => Promise<AuditVerification>;
    readonly exportAuditLog: (after: string) => Promise<AuditExport>;
  };
};

/** All of a line but its place is in its text, which is what counts. */
const entryOf = ({ seq, text, prev, hash, ...row }: AuditRow): AuditEntryType => ({
  ...(JSON.parse(text) as AuditLine),
  ...row,
  seq,
  text,
  prev,
  hash,
});

@Resolver()
export class AuditResolver {
  @Query(() => AuditConnection, {
    description:
      'What was done and refused, the latest first: all of it for an ADMIN who sees everything, their own lines for everybody else',
  })
  async auditLog(
    @Args(() => AuditArguments) { filter = null, ...page }: AuditArguments,
    @Ctx() { useCases }: Context,
  ): Promise<Page<AuditEntryType>> {
    return mapPage(await useCases.auditPage(filter, page), entryOf);
  }

  @Query(() => AuditVerificationType, {
    description:
      'Holds every entry of the audit log against the one before it, and against what checkpoints know. Reads all of it',
  })
  auditVerification(
    @Arg('checkpoint', () => String, {
      nullable: true,
      description: 'One that was kept elsewhere',
    })
    checkpoint: string | null,
    @Ctx() { useCases }: Context,
  ): Promise<AuditVerification> {
    return useCases.verifyAuditLog(checkpoint ?? null);
  }

  @Query(() => AuditExportType, {
    description: 'The audit log as it was sealed, the oldest first. Stands in the log itself',
  })
  auditExport(
    @Arg('after', () => BigIntScalar, {
      defaultValue: '0',
      description: 'Only entries after this `seq`',
    })
    after: string,
    @Ctx() { useCases }: Context,
  ): Promise<AuditExport> {
    return useCases.exportAuditLog(after);
  }
}
