import { relaunchChromium } from '../test/reliability/power/browsers.js';
import http from 'node:http';
const server = http.createServer((q, r) => { r.setHeader('content-type', 'text/html'); r.end('<html></html>'); }).listen(0);
const origin = `http://127.0.0.1:${(server.address() as any).port}`;
const { context } = await relaunchChromium('/tmp/c6/qprofile') as any;
const page = context.pages()[0]; await page.goto(origin + '/');
const s = await context.newCDPSession(page);
const put = (n: number) => page.evaluate((n: number) => new Promise((r) => { const q = indexedDB.open('x', 1); q.onupgradeneeded = () => q.result.createObjectStore('c'); q.onerror = () => r('open ' + q.error); q.onsuccess = () => { const t = q.result.transaction('c', 'readwrite'); t.objectStore('c').put(crypto.getRandomValues(new Uint8Array(n)), 1); t.oncomplete = () => { q.result.close(); r('ok'); }; t.onabort = () => { q.result.close(); r(String(t.error)); }; }; }), n);
await put(60000);
for (const size of [Number(process.argv[2])]) {
await s.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: size });
let t = Date.now(); let last;
while (Date.now() - t < 50000) { const a = await put(60000); if (a !== 'ok') { console.log('refused after', Date.now() - t, a); break; } await new Promise((r) => setTimeout(r, 20)); }
await s.send('Storage.overrideQuotaForOrigin', { origin, ...(process.argv[3] ? { quotaSize: Number(process.argv[3]) } : {}) });
t = Date.now();
while (Date.now() - t < 70000) { const a = await put(60000); if (a === 'ok') { console.log('ok after', Date.now() - t); break; } last = a; await new Promise((r) => setTimeout(r, 200)); }
console.log('last', last);
}
process.exit(0);
