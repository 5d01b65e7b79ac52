// The relay as real browsers use it: both sides may go through it only, over each transport, and it outlives the desk.
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { test, expect } from '../fixtures/desk.mjs';
import { launchFirefox } from '../fixtures/firefox.mjs';
import { expectDecodedFrames, expectSound } from '../fixtures/media.mjs';
import { startServer } from '../fixtures/server.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

/** Two neighbouring ports that are free now. */
async function freePorts() {
  const taken = (port) => new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
  for (;;) {
    const port = await taken(0);
    if (port < 65535 && (await taken(port + 1))) return port;
  }
}

/** Resolves once somebody listens there: the edge is the desk's child and starts a moment later. */
async function listens(port) {
  const reached = () => new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.end())).once('error', () => resolve(undefined));
  });
  await expect.poll(reached, { timeout: 20_000 }).toBeTruthy();
}

/** A desk with an edge beside it; what a browser needs for its relay. */
async function withEdge(name) {
  const port = await freePorts();
  const desk = await startServer(name, { args: ['--edge', String(port)] });
  await listens(port + 1);
  const secret = (await readFile(join(desk.data, 'turn.secret'), 'utf8')).trim();
  const username = `${Math.floor(Date.now() / 1000) + 3600}:browser`;
  const credential = createHmac('sha1', secret).update(username).digest('base64');
  const urls = {
    UDP: `turn:127.0.0.1:${port + 1}?transport=udp`,
    TCP: `turn:127.0.0.1:${port + 1}?transport=tcp`,
    TLS: `turns:127.0.0.1:${port}?transport=tcp`,
  };
  return { desk, relay: (transport) => ({ urls: [urls[transport]], username, credential }) };
}

/** In the page: two connections that may use the relay only; answers how many of 200 packets came back. */
async function talksThrough(relay) {
  const open = () => new RTCPeerConnection({ iceServers: [relay], iceTransportPolicy: 'relay' });
  const [near, far] = [open(), open()];
  const kinds = [];
  near.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate) kinds.push(candidate.candidate.split(' ')[7]);
    far.addIceCandidate(candidate);
  };
  far.onicecandidate = ({ candidate }) => near.addIceCandidate(candidate);
  const channel = near.createDataChannel('packets');
  far.ondatachannel = ({ channel }) => (channel.onmessage = ({ data }) => channel.send(data));
  const opened = new Promise((resolve) => (channel.onopen = resolve));
  await near.setLocalDescription();
  await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription();
  await near.setRemoteDescription(far.localDescription);
  await opened;
  window.sends = async () => {
    let back = 0;
    const all = new Promise((resolve) => (channel.onmessage = () => ++back === 200 && resolve()));
    for (let one = 0; one < 200; one++) channel.send('x'.repeat(1000));
    await all;
    return back;
  };
  return { back: await window.sends(), kinds: [...new Set(kinds)] };
}

for (const transport of ['UDP', 'TCP', 'TLS']) {
  test(`two relayed sides in Chromium reach each other over ${transport}, and go on while the desk is away`, async ({ playwright }) => {
    const { desk, relay } = await withEdge(`relay-${transport}`);
    // The relay's certificate is the demo's own, and this is the network's TLS, not a page's.
    const browser = await playwright.chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--ignore-certificate-errors'],
    });
    let edge;
    try {
      const page = await browser.newPage();
      expect(await page.evaluate(talksThrough, relay(transport))).toEqual({ back: 200, kinds: ['relay'] });
      edge = Number(execFileSync('pgrep', ['-P', String(desk.child.pid)], { encoding: 'utf8' }).trim());
      await desk.kill();
      expect(await page.evaluate(() => window.sends())).toBe(200);
    } finally {
      await browser.close();
      await desk.stop();
      // It outlives a desk that is killed, as it should.
      if (edge) process.kill(edge);
    }
  });
}

test('two relayed sides in Firefox reach each other over UDP and TCP', async () => {
  const { desk, relay } = await withEdge('relay-firefox');
  const browser = await launchFirefox();
  try {
    const page = await browser.newPage();
    for (const transport of ['UDP', 'TCP']) {
      expect(await page.evaluate(talksThrough, relay(transport))).toEqual({ back: 200, kinds: ['relay'] });
    }
  } finally {
    await browser.close();
    await desk.stop();
  }
});

test.describe('a call where addresses are hidden', () => {
  test.use({
    deskArguments: async ({}, use) => {
      const port = await freePorts();
      await use(['--edge', String(port)]);
    },
  });

  test('goes through the relay, and the family learns no address of the clinician', async ({ city, guardianPhone, clinicianDesktop }) => {
    test.setTimeout(150_000);
    const guardian = await guardianPhone();
    await registers(guardian, city, { shots: false });
    await fillsIntake(guardian, { mode: 'ビデオ', shots: false });
    const doctor = await clinicianDesktop('pediatrician');
    await signsIn(doctor);
    await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
    await doctor.page.getByRole('button', { name: 'ビデオで話す' }).click();
    await guardian.getByRole('button', { name: '出る', exact: true }).click();
    for (const page of [guardian, doctor.page]) {
      await expectDecodedFrames(page);
      await expectSound(page);
    }
    const told = await guardian.evaluate(() =>
      window.__pcs.flatMap((pc) => pc.remoteDescription?.sdp.split('\r\n').filter((line) => line.startsWith('a=candidate')) ?? []),
    );
    expect(told).not.toEqual([]);
    expect(told.filter((line) => !/ typ relay raddr 0\.0\.0\.0 /.test(line))).toEqual([]);
    const kinds = await guardian.evaluate(async () => {
      const stats = await Promise.all(window.__pcs.map((pc) => pc.getStats()));
      return stats.flatMap((stat) => [...stat.values()]).filter(({ type }) => type === 'remote-candidate').map((one) => one.candidateType);
    });
    expect(kinds.filter((kind) => !['relay', 'prflx'].includes(kind))).toEqual([]);
  });
});
