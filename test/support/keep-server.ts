import pg from 'pg';
import { startEmbedded } from '../../src/database/embedded.js';
import { silentLog } from '../../src/database/log.js';

/** A process of its own that runs the embedded server of the folder given, until SIGTERM. */
const [dataDir = ''] = process.argv.slice(2);
const server = await startEmbedded({ dataDir, log: silentLog, durable: false });

process.once('SIGTERM', async () => {
  const client = new pg.Client(server.url);
  await client.connect();
  const { rows } = await client.query(`select 'still there' as answer`);
  await client.end();
  await server.stop();
  console.log(rows[0].answer);
  process.exit(0);
});
setInterval(() => {}, 60_000);
console.log(server.url);
