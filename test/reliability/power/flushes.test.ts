/**
 * Under `appendfsync always` each answer has a flush behind it, as the system sees it. Where system calls
 * cannot be traced the cases are skipped, and say why.
 */
import { describe, expect, it } from 'vitest';
import { openChromium } from './browsers.js';
import { countFlushes, whyNoTrace } from './flushes.js';
import { openOurServer } from './servers.js';

const reason = await whyNoTrace();
if (reason !== null) console.log(`flushes are not counted: ${reason}`);

describe.skipIf(reason !== null).each([
  ['Chromium', openChromium],
  ['the server in Node', openOurServer],
])('%s', (_, open) => {
  it('flushes before each answer under always, and not under no', async () => {
    const subject = await open();
    try {
      const always = await countFlushes(subject, 'always');
      expect(always.flushes).toBeGreaterThanOrEqual(always.answers);
      const no = await countFlushes(subject, 'no');
      expect(no.flushes).toBeLessThan(no.answers / 4);
    } finally {
      await subject.close();
    }
  });
});
