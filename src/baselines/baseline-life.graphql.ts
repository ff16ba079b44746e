import {
  Ctx,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { BigIntScalar, DateTimeScalar } from '../graphql/scalars.graphql.js';
import { BaselineEntryType, BaselineType } from './baseline.graphql.js';
import { type Baseline, EntryStatus } from './baseline.js';
import type { EntryOf } from './baseline.store.js';
import type { BaselineContext } from './baseline-context.js';
import { BaselineSettingsType } from './baseline-settings.graphql.js';
import { type BaselineSettings, settingsOf } from './baseline-settings.js';
import { type Missing, missingOf } from './maturity.js';
import { TrafficPattern } from './pattern.js';
import { isStale } from './stale.js';

registerEnumType(EntryStatus, {
  name: 'BaselineEntryStatus',
  description: 'What is held of an entry. OBSERVED and CONFIRMED ones are normal.',
  valuesConfig: {
    OBSERVED: { description: 'Learned from flows' },
    CONFIRMED: { description: 'Somebody said that it is normal: it stays, whatever is learned' },
    FORBIDDEN: {
      description:
        'Somebody said that it must not be: never learned again, and its flows are anomalous and raise alerts, locked or not',
    },
    REMOVED: { description: 'Taken out: it is learned again when it is seen again' },
  },
});

registerEnumType(TrafficPattern, {
  name: 'TrafficPattern',
  description: 'How often something is seen, by the hours in which it was.',
  valuesConfig: {
    REGULAR: { description: 'In many hours' },
    START_UP: { description: 'Only in the first hour in which the deployment was seen' },
    DAILY: { description: 'In the same few hours of each of some days' },
    WEEKLY: { description: 'In an hour or two of days that lie a week apart' },
    MONTHLY: { description: 'In an hour or two of days that lie a month apart' },
    ONCE: { description: 'In one hour out of a day or more' },
  },
});

@ObjectType('BaselineMissing', {
  description: 'What is still to come before a baseline is STABLE; zeros: nothing.',
})
class BaselineMissingType {
  @Field(() => Int, { description: 'Covered hours that are still to come' })
  readonly coveredHours!: number;

  @Field(() => Int, { description: 'Covered hours without anything new that are still to come' })
  readonly quietHours!: number;

  @Field(() => Int, { description: 'Events that are still to come' })
  readonly events!: number;
}

async function settings(
  { clusterId, deploymentId }: Baseline,
  { loaders }: BaselineContext,
): Promise<BaselineSettings> {
  const rows = await loaders.baselineSettings.load(clusterId);
  if (rows.length === 0) return settingsOf(rows, { namespace: null, name: null });
  const peer = await loaders.peers.load({ clusterId, id: deploymentId });
  return settingsOf(rows, { namespace: peer?.namespace ?? null, name: peer?.name ?? null });
}

/** How far a baseline is. */
@Resolver(() => BaselineType)
export class BaselineLifeResolver {
  @FieldResolver(() => Int, {
    description:
      'Hours in which something came of the cluster, from the first that showed the deployment: gaps do not count',
  })
  coveredHours(@Root() { coveredHours }: Baseline): number {
    return coveredHours;
  }

  @FieldResolver(() => BigIntScalar, { description: 'Events of what was learned' })
  events(@Root() { events }: Baseline): string {
    return events;
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'Start of the hour in which something new was last learned; null: nothing was',
  })
  lastNewAt(@Root() { lastNewAt }: Baseline): string | null {
    return lastNewAt;
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'From when on enough had been seen for STABLE; null: it has not yet',
  })
  stableSince(@Root() { stableSince }: Baseline): string | null {
    return stableSince;
  }

  @FieldResolver(() => BaselineMissingType, {
    description: 'What is still to come before it is STABLE',
  })
  async missing(@Root() baseline: Baseline, @Ctx() context: BaselineContext): Promise<Missing> {
    const { coveredHours, quietHours, events } = baseline;
    if (baseline.stableSince !== null) return { coveredHours: 0, quietHours: 0, events: 0 };
    const at = { coveredHours, quietHours, events: Number(events) };
    return missingOf(at, await settings(baseline, context));
  }

  @FieldResolver(() => BaselineSettingsType, { description: 'How it is learned' })
  settings(@Root() baseline: Baseline, @Ctx() context: BaselineContext): Promise<BaselineSettings> {
    return settings(baseline, context);
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether it was learned so long ago that it should be learned again',
  })
  async stale(@Root() baseline: Baseline, @Ctx() context: BaselineContext): Promise<boolean> {
    const { staleDays } = await settings(baseline, context);
    return isStale(baseline, staleDays, context.now());
  }
}

/** What is held of an entry. */
@Resolver(() => BaselineEntryType)
export class BaselineEntryLifeResolver {
  @FieldResolver(() => EntryStatus, { description: 'Whether it is normal, and who says so' })
  status(@Root() { status }: EntryOf): EntryStatus {
    return status;
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'When somebody said so; null: nobody did',
  })
  statusAt(@Root() { statusAt }: EntryOf): string | null {
    return statusAt;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Name of who said so; null: nobody did',
  })
  statusBy(@Root() { statusBy }: EntryOf): string | null {
    return statusBy;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Why, in the words of who said so; null: no reason was given',
  })
  reason(@Root() { reason }: EntryOf): string | null {
    return reason;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Hours of the window in which it was seen; null: learned before they were counted',
  })
  hours(@Root() { hours }: EntryOf): number | null {
    return hours;
  }

  @FieldResolver(() => TrafficPattern, {
    nullable: true,
    description: 'How often it is seen; null: less than a day was watched',
  })
  pattern(@Root() { pattern }: EntryOf): TrafficPattern | null {
    return pattern;
  }
}
