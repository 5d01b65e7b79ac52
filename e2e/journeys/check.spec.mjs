// 「カメラと音の確認」: what a family is told about its phone and its network before anybody calls, and that nothing waits for it.
import { createServer } from 'node:net';
import { test, expect } from '../fixtures/desk.mjs';
import { launchFirefox, firefoxPage } from '../fixtures/firefox.mjs';
import { auditAtNight, expectNothingOverhangs, expectThumbSized, seen, shot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

/** Longest time from the devices to the verdict. */
const VERDICT_MS = 10_000;

const starts = (page) => page.getByRole('button', { name: /確認をはじめる|もう一度確かめる/ }).click();
const verdict = (page) => page.locator('#verdict');

/** The verdict, and how long it took since the devices were there. */
async function judged(page, light) {
  await expect(verdict(page).getByRole('heading', { name: light })).toBeVisible({ timeout: 2 * VERDICT_MS });
  const took = await page.evaluate(() => {
    const at = (name) => performance.getEntriesByName(name).at(-1).startTime;
    return at('check-verdict') - at('check-devices');
  });
  expect(took).toBeLessThan(VERDICT_MS);
}

/** A family that waits, on its page of the check. */
async function checking(page, city) {
  await registers(page, city, { shots: false });
  await fillsIntake(page, { mode: 'ビデオ', shots: false });
  await page.getByRole('link', { name: 'カメラと音の確認' }).click();
  await expect(page.getByRole('button', { name: '確認をはじめる' })).toBeVisible();
}

test('a phone on which all is well: green, kept for the desk, and back to the queue', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const guardian = await guardianPhone();
  await checking(guardian, city);
  await seen(guardian, 'check-1-ready', '確認をはじめる');
  await starts(guardian);
  await expect(guardian.getByRole('progressbar', { name: '通信の確認の進み' })).toBeVisible();
  await guardian.getByRole('button', { name: '音を鳴らす' }).click();
  await guardian.getByRole('button', { name: 'はい' }).click();
  await seen(guardian, 'check-2-measuring', '確かめています');
  await judged(guardian, '良好');
  await expect(verdict(guardian)).toContainText('カメラとマイク、通信に問題はありません。');
  await expect(guardian.locator('#figures')).toContainText('直接接続');
  await seen(guardian, 'check-3-green', 'このままお待ちください。');
  await expectThumbSized(guardian, 'the check');
  await auditAtNight(guardian);
  await shot(guardian, 'check-3-green-at-night');
  await guardian.setViewportSize({ width: 320, height: 568 });
  await expectNothingOverhangs(guardian, 'the check at 320 px');

  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await expect(doctor.page.getByText('確認：良好')).toBeVisible();
  await guardian.getByRole('link', { name: 'もどって待つ' }).click();
  await expect(guardian.getByText('つぎの順番です')).toBeVisible();
  await expect(guardian.getByText('カメラと音の確認：良好')).toBeVisible();
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(doctor.page.locator('.talk-head').getByText('確認：良好')).toBeVisible();
  await shot(doctor.page, 'desk-family-checked');
});

test('who refused camera and microphone is told where this browser keeps them, and the desk knows', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  const guardian = await guardianPhone();
  // Chromium's fake devices are never refused; the page is told what a real one would say.
  await guardian.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('refused', window.refusal ?? 'NotAllowedError'));
  });
  await checking(guardian, city);
  await starts(guardian);
  await judged(guardian, '通話できません');
  await expect(verdict(guardian)).toContainText('マイクの使用が許可されていません。');
  await expect(verdict(guardian)).toContainText('アドレスの左の印を押して「権限」を開き');
  await expect(guardian.locator('#help').getByRole('listitem')).toHaveCount(3);
  await seen(guardian, 'check-4-refused', 'カメラとマイクの使用が許可されていません');
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await expect(doctor.page.getByText('確認：通話できません（マイク不許可）')).toBeVisible();
  await guardian.evaluate(() => (window.refusal = 'NotFoundError'));
  await starts(guardian);
  await judged(guardian, '通話できません');
  await expect(verdict(guardian)).toContainText('マイクが見つかりません。');
});

test('a camera that is missing and a sound that is not heard are one sentence each', async ({ city, guardianPhone }) => {
  test.setTimeout(90_000);
  const guardian = await guardianPhone();
  await guardian.addInitScript(() => {
    const opens = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (wish) =>
      wish.video ? Promise.reject(new DOMException('none', 'NotFoundError')) : opens(wish);
  });
  await checking(guardian, city);
  await starts(guardian);
  await judged(guardian, '注意');
  await expect(verdict(guardian)).toContainText('カメラが見つからないので、音声だけで話せます。');
  await seen(guardian, 'check-5-no-camera', 'カメラをつないで');
  await guardian.getByRole('button', { name: '音を鳴らす' }).click();
  await guardian.getByRole('button', { name: 'いいえ' }).click();
  await expect(verdict(guardian).getByRole('heading', { name: '通話できません' })).toBeVisible();
  await seen(guardian, 'check-6-not-heard', 'こちらの音が聞こえていません。');
});

test('who is called while checking is led to the call', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const guardian = await guardianPhone();
  await checking(guardian, city);
  await starts(guardian);
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(guardian.getByRole('alert')).toContainText('順番が来ました。佐藤 医師が担当します');
  await doctor.page.getByRole('button', { name: 'ビデオで話す' }).click();
  await expect(guardian.getByRole('alert')).toContainText('佐藤 医師が呼び出しています');
  await seen(guardian, 'check-7-called', '佐藤 医師が呼び出しています');
  await guardian.getByRole('link', { name: '電話に出る画面へ' }).click();
  await guardian.getByRole('button', { name: '出る', exact: true }).click();
  await expect(guardian.getByText('通信は').first()).toBeVisible();
});

test('before the intake is sent it is skipped or kept, and the form is as it was', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const guardian = await guardianPhone();
  await registers(guardian, city, { shots: false });
  await guardian.getByRole('checkbox', { name: '発熱' }).check();
  await guardian.getByRole('button', { name: 'つぎへ' }).click();
  await guardian.getByRole('checkbox', { name: 'どれもない' }).check();
  await guardian.getByRole('button', { name: 'つぎへ' }).click();
  await guardian.getByRole('link', { name: 'カメラと音を先に確かめる' }).click();
  await guardian.getByRole('link', { name: 'とばす' }).click();
  await guardian.getByRole('link', { name: 'カメラと音を先に確かめる' }).click();
  await starts(guardian);
  await judged(guardian, '良好');
  await guardian.getByRole('link', { name: '相談へもどる' }).click();
  await guardian.getByLabel(/いちばん心配なこと/).fill('せきが続いています。');
  await guardian.getByRole('button', { name: '相談を送る' }).click();
  await expect(guardian.getByText('カメラと音の確認：良好')).toBeVisible();
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await expect(doctor.page.getByText('確認：良好')).toBeVisible();
});

test('a clinician checks the desk, and without scripts a family reads what to do', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(90_000);
  const doctor = await clinicianDesktop('midwife');
  await signsIn(doctor);
  const [page] = await Promise.all([
    doctor.page.waitForEvent('popup'),
    doctor.page.getByRole('link', { name: 'カメラと音の確認' }).click(),
  ]);
  await starts(page);
  await judged(page, '良好');
  await seen(page, 'desk-check', 'デスクへもどる');

  const still = await guardianPhone({ javaScriptEnabled: false });
  await registers(still, city, { shots: false });
  await still.goto(`${new URL(still.url()).pathname}/check`);
  // Playwright's words pass over what stands in a noscript, which this browser shows.
  await expect(still.locator('noscript .bar-note')).toBeVisible();
  await expect(still.locator('noscript .bar-note')).toContainText('JavaScriptが止められています');
  await shot(still, 'check-8-without-scripts');
  await expect(still.getByRole('button')).toHaveCount(0);
  await still.getByRole('link', { name: 'とばす' }).click();
  await expect(still.getByRole('checkbox', { name: '発熱' })).toBeVisible();
});

test('a family on Firefox is connected to the echo peer', async ({ city }) => {
  test.setTimeout(90_000);
  const browser = await launchFirefox();
  try {
    const page = await firefoxPage(browser);
    await page.goto(`${city.origin}/register`);
    await page.type('#passphrase', city.passphrase);
    await page.click('#about-child');
    await page.select('select[name="born_year"]', '2025');
    await page.select('select[name="born_month"]', '3');
    await page.select('#reach', 'line');
    await page.click('#consent_consultation');
    await Promise.all([page.waitForNavigation(), page.click('button[name="go"][value="start"]')]);
    await page.goto(`${page.url()}/check`);
    await page.waitForSelector('#start:not([hidden])');
    await page.click('#start');
    await page.waitForFunction(() => document.querySelector('#verdict:not([hidden])'), { timeout: 2 * VERDICT_MS });
    const [light, figures] = await page.evaluate(() =>
      ['#verdict h2', '#figures'].map((place) => document.querySelector(place)?.textContent ?? 'nothing'),
    );
    // Where there is no loudspeaker Firefox does not let the page listen: that is not held against the microphone.
    expect(`${light} ${figures}`).toMatch(/良好.*直接接続/s);
  } finally {
    await browser.close();
  }
});

/** A port whose next ones are free, too: TLS, TURN, and the echo peer's. */
function freePorts() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

test.describe('through our own relay', () => {
  test.use({
    deskArguments: async ({}, use) => use(['--edge', String(await freePorts())]),
  });

  test('the way is named, over UDP, TCP and TLS', async ({ city, playwright }) => {
    test.setTimeout(150_000);
    // The relay's certificate is the demo's own, and this is the network's TLS, not a page's.
    const browser = await playwright.chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--ignore-certificate-errors',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
      ],
    });
    try {
      const context = await browser.newContext({ ...playwright.devices['Pixel 7'], locale: 'ja-JP', baseURL: city.origin });
      const page = await context.newPage();
      // A network that lets nothing out but this.
      await page.addInitScript(() => {
        const Native = window.RTCPeerConnection;
        window.RTCPeerConnection = class RTCPeerConnection extends Native {
          constructor({ iceServers, ...rest }) {
            const only = (urls) => urls.filter((url) => url.startsWith(window.only.scheme) && url.endsWith(window.only.end));
            const servers = iceServers.map((server) => ({ ...server, urls: only(server.urls) })).filter(({ urls }) => urls.length > 0);
            super({ ...rest, iceServers: servers, iceTransportPolicy: 'relay' });
          }
        };
      });
      await registers(page, city, { shots: false });
      await page.goto(`${new URL(page.url()).pathname}/check`);
      for (const [scheme, end, name] of [
        ['turn:', 'transport=udp', '中継（UDP）'],
        ['turn:', 'transport=tcp', '中継（TCP）'],
        ['turns:', 'transport=tcp', '中継（TLS）'],
      ]) {
        await page.evaluate((only) => (window.only = only), { scheme, end });
        await starts(page);
        await expect(page.getByRole('button', { name: '確かめています…' })).toBeVisible();
        await judged(page, '良好');
        await expect(page.locator('#figures'), name).toContainText(name);
      }
      await shot(page, 'check-9-relayed');
    } finally {
      await browser.close();
    }
  });

  test('the administrator asks for the connections and reads what is well', async ({ clinicianDesktop }) => {
    test.setTimeout(90_000);
    const administrator = await clinicianDesktop('administrator');
    await signsIn(administrator);
    const { page } = administrator;
    await seen(page, 'admin-button', '通話のつながり');
    await page.getByRole('button', { name: 'つながりを確認する' }).click();
    await expect(page.getByRole('row', { name: /データベース/ })).toContainText('良好', { timeout: 40_000 });
    for (const name of ['中継（UDP）', '中継（TCP）', '中継（TLS）']) {
      await expect(page.getByRole('row', { name })).toContainText('良好');
    }
    await seen(page, 'admin-connections', 'すべて良好です。');
    await expect(page.locator('main')).not.toContainText(/credential|password|secret/i);
  });
});
