import { after, before } from 'node:test';
import { type ServerFixture, withServer } from './server.js';

/**
 * One server for all tests of the file, each of which keeps to clusters of its own: a server of its own would cost
 * each a second. What it answers is there once tests run.
 */
export function sharedServer(): () => ServerFixture {
  let fixture: ServerFixture | null = null;
  let serving: Promise<void> = Promise.resolve();
  const over = Promise.withResolvers<void>();
  before(async () => {
    const ready = Promise.withResolvers<ServerFixture>();
    serving = withServer(opened => {
      ready.resolve(opened);
      return over.promise;
    });
    fixture = await Promise.race([ready.promise, serving.then(() => null)]);
  });
  after(() => {
    over.resolve();
    return serving;
  });
  return () => {
    if (fixture === null) throw new Error('the server has not started');
    return fixture;
  };
}
