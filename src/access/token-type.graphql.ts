import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../graphql/connection.graphql.js';
import { NodeType } from '../graphql/node.graphql.js';
import { DateTimeScalar } from '../graphql/scalars.graphql.js';
import { Role } from './role.js';
import { TokenKind } from './token.js';

registerEnumType(Role, {
  name: 'Role',
  description: 'What somebody may do, within a scope.',
  valuesConfig: {
    VIEWER: { description: 'Read what there is' },
    ANALYST: { description: 'Read, generate and simulate' },
    OPERATOR: {
      description: 'What an analyst may; also import, ingest, learn, lock, resolve and apply',
    },
    ADMIN: { description: 'Everything, access and settings among it' },
    SENSOR: { description: 'Ingest and import for its cluster, and nothing else' },
  },
});

registerEnumType(TokenKind, {
  name: 'TokenKind',
  description: 'Whom a token is for.',
  valuesConfig: {
    API: { description: 'People and scripts; its text begins with `wgt_`' },
    SENSOR: { description: 'The sensor of one cluster; its text begins with `wgs_`' },
  },
});

@ObjectType('Viewer', { description: 'Who asks.' })
export class ViewerType {
  @Field(() => String, { description: 'Name of the token, or `local` without one' })
  readonly name!: string;

  @Field(() => [Role], { description: 'What the viewer may do' })
  readonly roles!: readonly Role[];

  @Field(() => [String], {
    description: 'Where: `CLUSTER/NAMESPACE`, with `*` for all; at least one holds',
  })
  readonly scopes!: readonly string[];
}

@ObjectType('Token', {
  implements: NodeType,
  description:
    'Access for a person, a script or a sensor. Its text is told when it is created, and kept nowhere.',
})
export class TokenType extends NodeType {
  @Field(() => String, { description: 'As it was named when it was created' })
  readonly name!: string;

  @Field(() => TokenKind, { description: 'Whom it is for' })
  readonly kind!: TokenKind;

  @Field(() => String, { description: 'The first characters of its text' })
  readonly prefix!: string;

  @Field(() => [Role], { description: 'What may be done with it' })
  readonly roles!: readonly Role[];

  @Field(() => DateTimeScalar, { description: 'When it was created' })
  readonly createdAt!: string;

  @Field(() => String, { description: 'Name of who created it' })
  readonly createdBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it ends by itself' })
  readonly expiresAt!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was revoked; null: never' })
  readonly revokedAt!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was last used, to the minute; null: never',
  })
  readonly lastUsedAt!: string | null;
}

export const TokenConnection = connectionOf('Token', () => TokenType);
