import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A slot is an hour and a verdict as one number: hours since 1970 times eight, and the verdict's place among ALLOWED, DENIED, AUDIT,
 * ERROR and UNKNOWN (`src/flows/hour-slot.ts`). `slot_from` is the first slot of the hour that a time lies in, `slot_until` that of
 * the first hour that begins at the time or later.
 */
const FUNCTIONS = `
  create function slot_from(at timestamptz) returns int language sql immutable parallel safe
  return floor(extract(epoch from at - timestamptz 'epoch') / 3600)::int * 8;
  create function slot_until(at timestamptz) returns int language sql immutable parallel safe
  return ceil(extract(epoch from at - timestamptz 'epoch') / 3600)::int * 8;
  create function slot_hour(slot int) returns timestamptz language sql immutable parallel safe
  return to_timestamp((slot >> 3) * 3600::float8);
  create function slot_verdict(slot int) returns text language sql immutable parallel safe
  return case slot & 7 when 0 then 'ALLOWED' when 1 then 'DENIED' when 2 then 'AUDIT' when 3 then 'ERROR' else 'UNKNOWN' end;
`;

/** What a slot is, in SQL. The migration after this one moves hours; an older program is told by this one that it must not run. */
export class Slots1764000070000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FUNCTIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function slot_from, slot_until, slot_hour, slot_verdict');
  }
}
