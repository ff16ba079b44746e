import type { MigrationInterface } from 'typeorm';
import { Inventory1764000001000 } from '../../migrations/1764000001000-inventory.js';
import { Flows1764000002000 } from '../../migrations/1764000002000-flows.js';

/** Every migration, oldest first. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  Inventory1764000001000,
  Flows1764000002000,
];
