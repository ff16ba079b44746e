import { EntitySchema } from 'typeorm';
import type { Token } from './token.js';

type StoredToken = Omit<Token, 'clusters' | 'namespaces'> & {
  /** Hex of SHA-256. */
  readonly hash: string;
  /** Null: all. */
  readonly clusters: readonly string[] | null;
  readonly namespaces: readonly string[] | null;
};

export const TokenTable = new EntitySchema<StoredToken>({
  name: 'access_token',
  columns: {
    id: { type: 'uuid', primary: true, primaryKeyConstraintName: 'access_token_pkey' },
    hash: { type: 'text' },
    prefix: { type: 'text' },
    name: { type: 'text' },
    kind: { type: 'text' },
    roles: { type: 'text', array: true },
    clusters: { type: 'text', array: true, nullable: true },
    namespaces: { type: 'text', array: true, nullable: true },
    selector: { type: 'jsonb', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    createdBy: { type: 'text', name: 'created_by' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    revokedAt: { type: 'timestamptz', name: 'revoked_at', nullable: true },
    lastUsedAt: { type: 'timestamptz', name: 'last_used_at', nullable: true },
  },
  uniques: [{ name: 'access_token_hash_key', columns: ['hash'] }],
  indices: [{ name: 'access_token_created', synchronize: false }],
});
