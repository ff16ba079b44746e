import { type Caller, LOCAL_CALLER } from './access/caller.js';
import { createToken } from './access/create-token.js';
import { scopesOf } from './access/scope.js';
import { tokenStore } from './access/token.store.js';

import type { CliIo } from './cli/shell.js';
import type { Config } from './config.js';
import { openDataSource } from './database/data-source.js';
import type { Log } from './database/log.js';
import { migrate } from './database/migrate.js';
import { migrations } from './database/migrations.js';
import { reachPlace } from './database/reach.js';
import type { Problem } from './netpol/index.js';
import { encodeId } from './query/node-id.js';

type OnDatabase = NonNullable<CliIo['createTokenOnDatabase']>;

/** Who reaches the database with its password may do everything anyway. */
const WITH_PASSWORD: Caller = { ...LOCAL_CALLER, name: 'database' };

/** Problems of an input that is no text have no place. */
const flat = ({ place: _, ...problem }: Problem) => ({
  ...problem,
  file: null,
  line: null,
  column: null,
});

/** Makes a token in the database, also beside a server that runs on it; it answers as the API does. */
export async function createTokenOn(
  config: Config,
  log: Log,
  { name, roles, clusters, namespaces, selector, expiresInDays }: Parameters<OnDatabase>[1],
): ReturnType<OnDatabase> {
  const place = await reachPlace(config, log);
  try {
    const source = await openDataSource(place.url, { tables: [], migrations, poolSize: 2, log });
    try {
      await migrate(source);
      const tokens = tokenStore(source.manager, LOCAL_CALLER);
      const { token, secret, problems } = await createToken(
        { tokens, caller: WITH_PASSWORD, now: () => new Date() },
        {
          name,
          roles,
          clusters: clusters ?? 'ALL',
          namespaces: namespaces ?? 'ALL',
          selector: selector ?? null,
          expiresInDays: expiresInDays ?? 90,
        },
      );
      const shown = token && {
        ...token,
        id: encodeId('Token', 0, token.id),
        roles: [...token.roles],
        scopes: [...scopesOf(token)],
      };
      return { token: shown, secret, problems: problems.map(flat) };
    } finally {
      await source.destroy();
    }
  } finally {
    await place.stop();
  }
}
