// Firefox as the family's browser in a network of its own. It is led over a WebSocket, which a tunnel carries into its network.
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectPeerConnections } from '../fixtures/media.mjs';
import { clicks, launchFirefox } from '../fixtures/firefox.mjs';
import { watchMedia } from './flow.mjs';

const TUNNEL = fileURLToPath(new URL('./tunnel.mjs', import.meta.url));

/** A page of a Firefox that runs in `place`; `wrapper` starts it there. */
export async function firefoxIn(place, wrapper, folder) {
  const file = join(folder, 'firefox.socket');
  const door = createServer((outer) => {
    const inner = connect(file);
    outer.pipe(inner).pipe(outer);
    for (const end of [outer, inner]) end.on('error', () => [outer, inner].forEach((one) => one.destroy()));
  });
  await new Promise((resolve) => door.listen(0, '127.0.0.1', resolve));
  const { port } = door.address();
  const tunnel = place.starts(process.execPath, [TUNNEL, file, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => tunnel.stdout.once('data', resolve));
  const browser = await launchFirefox({ executablePath: wrapper, args: [`--remote-debugging-port=${port}`] });
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(collectPeerConnections);
  await page.evaluateOnNewDocument(watchMedia);
  return {
    page,
    async close() {
      await browser.close();
      door.close();
    },
  };
}

/** From the entrance to the waiting room. */
export async function familyWaits(page, city) {
  const goesOn = (words) => Promise.all([page.waitForNavigation(), clicks(page, 'button', words)]);
  const ticks = (selector) => page.evaluate((selector) => document.querySelector(selector).click(), selector);
  await page.goto(`${city.origin}/register`);
  await page.type('#passphrase', city.passphrase);
  await page.click('#about-child');
  await page.select('select[name="born_year"]', '2025');
  await page.select('select[name="born_month"]', '3');
  await page.select('#reach', 'line');
  await page.click('#consent_consultation');
  await goesOn('登録して相談をはじめる');
  await ticks('input[name="complaints"][value="cough"]');
  await goesOn('つぎへ');
  await goesOn('つぎへ');
  await page.type('textarea[name="worry"]', 'せきが続いています。');
  await ticks('input[name="mode"][value="video"]');
  await goesOn('相談を送る');
  await isConnected(page);
}

export function isConnected(page) {
  return page.waitForFunction(() => document.body.innerText.includes('つながっています'), { timeout: 30_000 });
}
