import pg from 'pg';

const server = (): string => {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined)
    throw new Error(
      'no database for tests: run with `--test-global-setup=test/support/global-setup.ts`, or set TEST_DATABASE_URL',
    );
  return url;
};

/** The migrated database that tests clone. */
export const template = (): string => process.env['WEIRGATE_TEST_TEMPLATE'] ?? 'template1';

/** Of a database on the tests' server. */
export const urlOf = (name: string): string =>
  Object.assign(new URL(server()), { pathname: `/${name}` }).href;

/** Runs commands on the tests' server, outside of any test's database. */
export async function administer(...commands: readonly string[]): Promise<void> {
  const client = new pg.Client(server());
  await client.connect();
  try {
    for (const command of commands) await client.query(command);
  } finally {
    await client.end();
  }
}
