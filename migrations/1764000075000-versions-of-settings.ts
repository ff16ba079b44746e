import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Changes of notifiers, of settings of baselines and of settings of clusters count, so that one can be made on what was read. */
export class VersionsOfSettings1764000075000 implements MigrationInterface {
  readonly name = 'VersionsOfSettings1764000075000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table notifier add column version int not null default 1');
    await runner.query('alter table baseline_setting add column version int not null default 1');
    await runner.query('alter table cluster add column settings_version int not null default 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    // A row of nulls keeps a version, and says nothing to what knows no versions.
    await runner.query(`delete from baseline_setting where num_nonnulls(observation_hours, quiet_hours, min_events, learning,
      lock_when_stable, relearn_on, relearn_hours, decay_days, stale_days) = 0`);
    await runner.query('alter table cluster drop column settings_version');
    await runner.query('alter table baseline_setting drop column version');
    await runner.query('alter table notifier drop column version');
  }
}
