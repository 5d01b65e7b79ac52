// The harness proves itself, without the product: calls between pages are seen and heard, and every assertion can fail.
import { createServer } from 'node:http';
import { test as base, expect } from '../fixtures/desk.mjs';
import { firefoxPage, launchFirefox } from '../fixtures/firefox.mjs';
import { expectDecodedFrames, expectNeverStopped, expectPicture, expectSilence, expectSound, longestStill, picture, received, records, sending } from '../fixtures/media.mjs';
import { audit } from '../fixtures/page.mjs';
import { totp, UnusedCodes } from '../fixtures/totp.mjs';

const PAGE = `<!doctype html><html lang="ja"><head><title>通話</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"></head><body><main><h1>通話</h1><video autoplay playsinline></video></main></body></html>`;

const test = base.extend({
  /** The address of an empty page with a video; loopback, so cameras are allowed. */
  place: [
    async ({}, use) => {
      const server = createServer((_, response) => response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE));
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      await use(`http://127.0.0.1:${server.address().port}/`);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    { scope: 'worker' },
  ],

  /** Two people in one call, each on a page of their own. */
  call: async ({ openContext, place }, use) => {
    const pages = [];
    for (let i = 0; i < 2; i += 1) {
      const page = await (await openContext({})).newPage();
      await page.goto(place);
      pages.push(page);
    }
    await connect(...pages);
    await use(pages);
  },
});

/** Takes camera and microphone on both pages and connects them, all candidates in the descriptions. */
async function connect(caller, answerer) {
  const offer = await caller.evaluate(describe);
  const answer = await answerer.evaluate(describe, offer);
  await caller.evaluate((answer) => window.__pcs[0].setRemoteDescription(answer), answer);
}

async function describe(offer) {
  const pc = new RTCPeerConnection();
  const video = document.querySelector('video');
  pc.ontrack = ({ streams: [stream] }) => (video.srcObject = stream);
  const camera = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240 } });
  if (offer) await pc.setRemoteDescription(offer);
  for (const track of camera.getTracks()) pc.addTrack(track, camera);
  await pc.setLocalDescription();
  while (pc.iceGatheringState !== 'complete') await new Promise((resolve) => (pc.onicegatheringstatechange = resolve));
  return { type: pc.localDescription.type, sdp: pc.localDescription.sdp };
}

/** Whether the caller still sends pictures, or sound. */
function send(page, kind, enabled) {
  return page.evaluate(
    ([kind, enabled]) => {
      for (const { track } of window.__pcs[0].getSenders()) if (track.kind === kind) track.enabled = enabled;
    },
    [kind, enabled],
  );
}

const refuses = (assertion) => expect(assertion).rejects.toThrow();

test('a call is seen and heard on both sides', async ({ call }) => {
  for (const page of call) {
    await expectDecodedFrames(page);
    await expectPicture(page);
    await expectSound(page);
  }
});

test('a camera that sends black is not taken for a picture', async ({ call: [caller, answerer] }) => {
  await expectPicture(answerer);
  await send(caller, 'video', false);
  await expect.poll(async () => (await picture(answerer)).mean).toBeLessThan(16);
  await refuses(expectPicture(answerer, 'video', { timeout: 1_500 }));
  await expectPicture(caller);
});

test('a muted microphone is not taken for sound', async ({ call: [caller, answerer] }) => {
  await expectSound(answerer);
  await send(caller, 'audio', false);
  await expectSilence(answerer);
  await refuses(expectSilence(caller, { timeout: 6_000 }));
  await expectSound(caller);
});

test('what is sent is told by kind, with its device', async ({ call: [caller] }) => {
  await expect.poll(async () => (await sending(caller, 'video')).frames).toBeGreaterThan(0);
  const { tracks } = await sending(caller, 'video');
  expect(tracks).toHaveLength(1);
  expect(tracks[0].state).toBe('live');
  expect(tracks[0].device).toBeTruthy();
});

test('a stream that stopped is not taken for frames', async ({ call: [caller, answerer] }) => {
  await expectDecodedFrames(answerer);
  await caller.evaluate(() => window.__pcs[0].close());
  await expect(async () => refuses(expectDecodedFrames(answerer, { frames: 1, timeout: 1_500 }))).toPass({ timeout: 10_000 });
});

test('a call that stood still for more than a second is not taken for one that never stopped', async ({ call: [caller, answerer] }) => {
  for (const page of [caller, answerer]) {
    await expectSound(page);
    await expectDecodedFrames(page);
    await records(page);
  }
  // Only what the answerer receives stands still; it goes on afterwards.
  const sends = (on) =>
    caller.evaluate((on) => {
      window.__sent ??= window.__pcs[0].getSenders().map(({ track }) => track);
      return Promise.all(window.__pcs[0].getSenders().map((sender, n) => sender.replaceTrack(on ? window.__sent[n] : null)));
    }, on);
  await sends(false);
  const { framesDecoded, audioPackets } = await received(answerer);
  await expectDecodedFrames(caller, { frames: 50 });
  await sends(true);
  await expect.poll(async () => (await received(answerer)).framesDecoded).toBeGreaterThan(framesDecoded + 5);
  await expect.poll(async () => (await received(answerer)).audioPackets).toBeGreaterThan(audioPackets + 5);
  await expect(expectNeverStopped(answerer)).rejects.toThrow(/pictures went on/);
  await expectNeverStopped(caller);
});

test('the longest pause on a tape is found wherever it is, also where a connection begins anew', () => {
  const tape = (...values) => values.map((frames, n) => ({ at: n * 250, frames }));
  expect(longestStill(tape(1, 2, 3, 4), 'frames')).toBe(250);
  expect(longestStill(tape(1, 1, 1, 2, 3), 'frames')).toBe(750);
  expect(longestStill(tape(1, 2, 2, 2, 2), 'frames'), 'at the end').toBe(750);
  expect(longestStill(tape(8, 9, 0, 0, 1, 2), 'frames'), 'anew').toBe(750);
});

test('axe passes a good page and refuses a bad one', async ({ page, place }) => {
  await page.goto(place);
  await audit(page);
  await page.setContent('<html lang="ja"><title>x</title><main><h1>x</h1><button></button><img src="data:,"></main>');
  await expect(audit(page)).rejects.toThrow(/button-name/);
});

test('one-time codes are those of RFC 6238, and none is given twice', async () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  expect([59, 1_111_111_109, 1_111_111_111, 20_000_000_000].map((seconds) => totp(secret, seconds * 1000))).toEqual([
    '287082',
    '081804',
    '050471',
    '353130',
  ]);
  const codes = new UnusedCodes();
  expect(await codes.next(secret)).not.toBe(await codes.next(secret));
});

test('Firefox and Chromium see and hear each other', async ({ openContext, place }) => {
  const firefox = await launchFirefox();
  try {
    const [there, here] = [await firefoxPage(firefox), await (await openContext({})).newPage()];
    await Promise.all([there.goto(place), here.goto(place)]);
    await connect(here, there);
    for (const page of [here, there]) {
      await expectDecodedFrames(page);
      await expectPicture(page);
      await expectSound(page);
    }
  } finally {
    await firefox.close();
  }
});
