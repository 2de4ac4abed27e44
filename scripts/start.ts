/**
 * `npm start`: builds the package and the playground, serves it, prints the address.
 * PORT chooses another port than 4173; if it is taken, the next free one is used.
 */
import { build, preview } from 'vite';
import { endWithParent, program } from './program.js';

await program(import.meta.url, async () => {
  // The package itself is built by the plugin in vite.config.ts.
  await build({ logLevel: 'warn' });
  const server = await preview({ preview: { port: Number(process.env.PORT ?? 4173) } });
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error('the playground is not served anywhere');
  endWithParent(() => process.exit());
  console.log(`Redstart's playground: ${address} (Ctrl-C ends it)`);
});
