// The stage of a fault: networks, the city in them, a family's phone and a clinician's desk in browsers of their own, each in
// its own network.
//
//   test('…', async ({ stage }) => { await stage.opens(); await stage.calls(); stage.net.home.blocksUdp(); … });
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, devices, expect } from '@playwright/test';
import { collectPeerConnections, expectDecodedFrames } from '../fixtures/media.mjs';
import { fillsIntake, registers } from '../fixtures/steps.mjs';
import { UnusedCodes } from '../fixtures/totp.mjs';
import { City } from './city.mjs';
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

  constructor(name, playwright) {
    this.#name = name;
    this.#playwright = playwright;
    this.net = new Net();
  }

  /** The city is up, a family waits, a clinician has taken it. `hiding`: whose addresses are (nobody, clinicians, all). */
  async opens(options = {}) {
    this.city = await City.founded(this.net.city, this.#name, options);
    this.#wrappers = await mkdtemp(join(tmpdir(), 'soudan-browsers-'));
    const [phone, desk] = await Promise.all([
      this.#browser(this.net.family, devices['Pixel 7']),
      this.#browser(this.net.desk, { viewport: { width: 1440, height: 900 } }),
    ]);
    this.guardian = phone;
    this.doctor = desk;
    await Promise.all([this.#familyWaits(), this.#clinicianSignsIn()]);
    await this.doctor.getByRole('button', { name: /次の方をよぶ/ }).click();
    await expect(this.guardian.getByText(/医師が担当します/).first()).toBeVisible();
  }

  /** Chromium in a network of its own. It speaks with us through pipes, which reach into any. */
  async #browser(place, profile) {
    const wrapper = join(this.#wrappers, place.name);
    const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
    await writeFile(wrapper, `#!/bin/sh\nexec ip netns exec ${place.space} ${chromium} "$@"\n`);
    await chmod(wrapper, 0o755);
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
    await registers(this.guardian, this.city, { shots: false });
    await fillsIntake(this.guardian, { mode: 'ビデオ', sign: '', shots: false });
    await expect(this.guardian.locator('#connection')).toContainText('つながっています');
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
    await this.guardian.getByRole('button', { name: '出る', exact: true }).click();
    for (const page of this.pages) await expectDecodedFrames(page, { timeout: 30_000 });
  }

  async hangsUp() {
    await this.doctor.getByRole('button', { name: '終了' }).first().click();
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
