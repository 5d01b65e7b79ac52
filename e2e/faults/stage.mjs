// The stage of a fault: networks, the city in them, a family's phone and a clinician's desk in browsers of their own, each in
// its own network.
//
//   test('…', async ({ stage }) => { await stage.opens(); await stage.calls(); stage.net.home.blocksUdp(); … });
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, devices, expect } from '@playwright/test';
import { collectPeerConnections, expectDecodedFrames } from '../fixtures/media.mjs';
import { fillsIntake, hangsUp, registers } from '../fixtures/steps.mjs';
import { UnusedCodes } from '../fixtures/totp.mjs';
import { clicks } from '../fixtures/firefox.mjs';
import { City } from './city.mjs';
import { familyWaits, firefoxIn, isConnected } from './firefox.mjs';
import { watchMedia } from './flow.mjs';
import { Net } from './net.mjs';

const PASSWORD = 'correct horse battery';
/** Two browsers encode and decode on two cores: fewer pictures leave room for what is measured. */
const CAMERA = '--use-fake-device-for-media-stream=fps=10';

class Stage {
  #name;
  #playwright;
  #browsers = [];
  #wrappers;
  #onFirefox = false;

  constructor(name, playwright) {
    this.#name = name;
    this.#playwright = playwright;
    this.net = new Net();
  }

  /** The city is up, a family waits, a clinician has taken it. `hiding`: whose addresses are (nobody, clinicians, all);
   *  `firefox`: the family's browser. */
  async opens({ firefox = false, ...options } = {}) {
    this.city = await City.founded(this.net.city, this.#name, options);
    this.#wrappers = await mkdtemp(join(tmpdir(), 'soudan-browsers-'));
    this.#onFirefox = firefox;
    const [phone, desk] = await Promise.all([
      firefox ? this.#firefox(this.net.family) : this.#browser(this.net.family, devices['Pixel 7']),
      this.#browser(this.net.desk, { viewport: { width: 1440, height: 900 } }),
    ]);
    this.guardian = phone;
    this.doctor = desk;
    await Promise.all([this.#familyWaits(), this.#clinicianSignsIn()]);
    await this.doctor.getByRole('button', { name: /次の方をよぶ/ }).click();
    await this.guardian.waitForFunction(() => document.body.innerText.includes('医師が担当します'));
  }

  async #wrapper(place, program) {
    const wrapper = join(this.#wrappers, place.name);
    await writeFile(wrapper, `#!/bin/sh\nexec ip netns exec ${place.space} ${program} "$@"\n`);
    await chmod(wrapper, 0o755);
    return wrapper;
  }

  async #firefox(place) {
    const wrapper = await this.#wrapper(place, process.env.FIREFOX ?? '/usr/bin/firefox-esr');
    const firefox = await firefoxIn(place, wrapper, this.#wrappers);
    this.#browsers.push(firefox);
    return firefox.page;
  }

  /** Chromium in a network of its own. It speaks with us through pipes, which reach into any. */
  async #browser(place, profile) {
    const wrapper = await this.#wrapper(place, process.env.CHROMIUM ?? '/usr/bin/chromium');
    const args = ['--no-sandbox', '--disable-gpu', '--use-fake-ui-for-media-stream', '--no-first-run', '--disable-background-networking'];
    args.push('--disable-component-update', '--disable-sync', '--ignore-certificate-errors', CAMERA);
    const browser = await this.#playwright.chromium.launch({ executablePath: wrapper, args });
    this.#browsers.push(browser);
    const context = await browser.newContext({
      ...profile,
      baseURL: this.city.origin,
      ignoreHTTPSErrors: true,
      locale: 'ja-JP',
      permissions: ['camera', 'microphone'],
      timezoneId: 'Asia/Tokyo',
    });
    context.setDefaultTimeout(20_000);
    await context.addInitScript(collectPeerConnections);
    await context.addInitScript(watchMedia);
    return context.newPage();
  }

  async #familyWaits() {
    if (this.#onFirefox) return familyWaits(this.guardian, this.city);
    await registers(this.guardian, this.city, { shots: false });
    await fillsIntake(this.guardian, { mode: 'ビデオ', sign: '', shots: false });
    return this.familyIsConnected();
  }

  familyIsConnected() {
    if (this.#onFirefox) return isConnected(this.guardian);
    return expect(this.guardian.locator('#connection')).toContainText('つながっています', { timeout: 30_000 });
  }

  async #clinicianSignsIn() {
    await this.doctor.goto(this.city.enrolment);
    const secret = (await this.doctor.locator('.secret').innerText()).replace(/\s/g, '');
    await this.doctor.getByLabel(/確認コード/).fill(await new UnusedCodes().next(secret));
    await this.doctor.getByLabel('パスワード', { exact: true }).fill(PASSWORD);
    await this.doctor.getByLabel('パスワード（もう一度）').fill(PASSWORD);
    await this.doctor.getByRole('button', { name: '登録してサインイン' }).click();
    await this.doctor.getByText('つながっています').first().waitFor();
  }

  /** Both sides, for whoever asks what they see. */
  get pages() {
    return [this.guardian, this.doctor];
  }

  /** The clinician rings, the family answers, both see pictures. */
  async calls() {
    await this.doctor.getByRole('button', { name: 'ビデオで話す' }).click();
    if (this.#onFirefox) await clicks(this.guardian, 'button', '出る');
    else await this.guardian.getByRole('button', { name: '出る', exact: true }).click();
    for (const page of this.pages) await expectDecodedFrames(page, { timeout: 30_000 });
  }

  async hangsUp() {
    await hangsUp(this.doctor);
    await this.doctor.getByRole('button', { name: 'ビデオで話す' }).and(this.doctor.locator(':enabled')).waitFor();
  }

  async closes() {
    await Promise.allSettled(this.#browsers.map((browser) => browser.close()));
    this.net.remove();
    await this.city?.remove();
    if (this.#wrappers) await rm(this.#wrappers, { recursive: true, force: true });
  }
}

export { expect };

export const test = base.extend({
  stage: async ({ playwright }, use, { testId }) => {
    const stage = new Stage(`faults-${testId}`, playwright);
    try {
      await use(stage);
    } finally {
      await stage.closes();
    }
  },
});
