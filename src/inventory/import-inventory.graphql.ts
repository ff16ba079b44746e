import {
  Arg,
  Ctx,
  Field,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import { ProblemType, problemOf } from '../graphql/problem.graphql.js';
import { DateTimeScalar } from '../graphql/scalars.graphql.js';
import type { Source } from '../netpol/index.js';
import { badInput } from '../query/api-error.js';
import { ClusterType } from './cluster.graphql.js';
import type { Cluster } from './cluster.js';
import type { InventoryContext } from './inventory-context.js';
import { type ImportCounts, ImportMode } from './inventory-import.js';

registerEnumType(ImportMode, {
  name: 'ImportMode',
  description: 'What becomes of objects that a snapshot does not show.',
  valuesConfig: {
    MERGE: { description: 'They stay as they are' },
    REPLACE: { description: 'Those of the kinds that the snapshot holds have ended' },
  },
});

@InputType('ManifestFile', {
  description: 'A file, named so that problems can say where they are.',
})
class ManifestFileInput implements Source {
  @Field(() => String, { description: 'Its name or path' })
  readonly file!: string;

  @Field(() => String, { description: 'What stands in it' })
  readonly text!: string;
}

@InputType('ImportInventoryInput', {
  description: 'A snapshot of a cluster: either `manifests` or `files`.',
})
class ImportInventoryInput {
  @Field(() => String, { description: 'Name of the cluster; its first import creates it' })
  readonly cluster!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What `kubectl get … -o json` or `-o yaml` prints, or manifests; JSON or YAML',
  })
  readonly manifests?: string | null;

  @Field(() => [ManifestFileInput], { nullable: true, description: 'The same, file by file' })
  readonly files?: ManifestFileInput[] | null;

  @Field(() => ImportMode, {
    defaultValue: ImportMode.MERGE,
    description: 'What becomes of objects that are not in it',
  })
  readonly mode!: ImportMode;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was taken. Default: now' })
  readonly observedAt?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Idempotency key: the same key with the same content is answered as the first time, with other content it is an ERROR',
  })
  readonly key?: string | null;
}

@ObjectType('ImportCounts', { description: 'What a snapshot held, and what it changed.' })
class ImportCountsType implements ImportCounts {
  @Field(() => Int, { description: 'Namespaces in the snapshot, implied ones too' })
  readonly namespaces!: number;

  @Field(() => Int, { description: 'Deployments in the snapshot' })
  readonly deployments!: number;

  @Field(() => Int, { description: 'Pods in the snapshot' })
  readonly pods!: number;

  @Field(() => Int, { description: 'Services in the snapshot' })
  readonly services!: number;

  @Field(() => Int, { description: 'Nodes in the snapshot' })
  readonly nodes!: number;

  @Field(() => Int, { description: 'Policies in the snapshot' })
  readonly policies!: number;

  @Field(() => Int, { description: 'Objects that were known and are gone' })
  readonly ended!: number;

  @Field(() => Int, { description: 'Peers learned from flows that turned out to be others' })
  readonly merged!: number;

  @Field(() => Int, {
    description: 'Rows that are new or have changed: 0 for a repeated import',
  })
  readonly changed!: number;
}

@ObjectType('ImportInventoryPayload', { description: 'What an import did.' })
class ImportInventoryPayload {
  @Field(() => ClusterType, { nullable: true, description: 'Null when nothing was done' })
  readonly cluster!: Cluster | null;

  @Field(() => ImportCountsType, { nullable: true, description: 'Null when nothing was done' })
  readonly counts!: ImportCounts | null;

  @Field(() => [ProblemType], {
    description: 'Items that were refused, as WARNINGs; an ERROR only where nothing was done',
  })
  readonly problems!: readonly ProblemType[];
}

function sourcesOf({ manifests, files }: ImportInventoryInput): readonly Source[] {
  if (typeof manifests === 'string' && !files) return [{ file: null, text: manifests }];
  if (files && typeof manifests !== 'string') return files;
  throw badInput('exactly one of `manifests` and `files` must be given');
}

@Resolver()
export class ImportInventoryResolver {
  @Mutation(() => ImportInventoryPayload, {
    description:
      'Takes a snapshot into the history of a cluster: namespaces, workloads, pods, Services, nodes, and policies as live ones. The same snapshot again changes nothing.',
  })
  async importInventory(
    @Arg('input', () => ImportInventoryInput, { description: 'The snapshot' })
    input: ImportInventoryInput,
    @Ctx() { useCases }: InventoryContext,
  ): Promise<ImportInventoryPayload> {
    const { cluster, counts, problems } = await useCases.importInventory({
      cluster: input.cluster,
      sources: sourcesOf(input),
      mode: input.mode,
      observedAt: input.observedAt ?? null,
      key: input.key ?? null,
    });
    return { cluster, counts, problems: problems.map(problemOf) };
  }
}
