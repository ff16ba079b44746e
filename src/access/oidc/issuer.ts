import type { LabelSelector } from '../../query/label-selector.js';
import type { Names } from '../caller.js';
import type { Role } from '../role.js';

/** What a token that matches may do. */
export type Grant = {
  readonly roles: readonly Role[];
  readonly clusters: Names;
  readonly namespaces: Names;
  readonly selector: LabelSelector | null;
};

/** Which tokens of an issuer are given something: those of a subject, or with a value in a claim. */
export type Mapping = Grant & {
  /** The whole `sub`, such as `system:serviceaccount:weirgate:sensor`; null: any. */
  readonly subject: string | null;
  /** Name of a claim, with the value that it is or that its list holds; null: none is asked for. */
  readonly claim: { readonly name: string; readonly value: string } | null;
};

/** A public key set as it was given: it is asked for nowhere. */
export type PinnedKeys = { readonly keys: readonly Record<string, unknown>[] };

/** Whose tokens are taken, and for what. */
export type Issuer = {
  /** What people call it: the first part of the names of its callers. */
  readonly name: string;
  /** `iss`, exactly. */
  readonly issuer: string;
  /** One of them is in `aud`. None of them is the id of a client. */
  readonly audiences: readonly string[];
  /** Ids of the clients whose tokens are taken (`azp`, `client_id`); empty: tokens that name none, as those of Kubernetes. */
  readonly clients: readonly string[];
  /** `typ` of the header, such as `at+jwt`; null: any. */
  readonly type: string | null;
  /** Pinned; null: where discovery says. */
  readonly keys: PinnedKeys | null;
  /** Seconds since `iat` for which a token is taken. */
  readonly maxTokenAge: number;
  /** The first one that matches holds; nobody whom none matches is let in. */
  readonly mappings: readonly Mapping[];
};
