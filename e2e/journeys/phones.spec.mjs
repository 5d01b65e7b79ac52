// What phones do to calls: they ring, are locked, show another app, open links inside of LINE; and calls that nobody answers.
// Tracks and visibility are driven by hand: no fake device rings.
import { test, expect } from '../fixtures/clock.mjs';
import { expectDecodedFrames } from '../fixtures/media.mjs';
import { seen } from '../fixtures/page.mjs';
import { fillsIntake, hangsUp, registers, signsIn } from '../fixtures/steps.mjs';

const LINE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/14.19.2';

/** Lets the test halt the page's sound, say that it is hidden, and refuse its devices. */
const driven = (page) =>
  page.addInitScript(() => {
    const Context = window.AudioContext;
    window.__sounds = [];
    window.AudioContext = class extends Context {
      constructor(...rest) {
        super(...rest);
        window.__sounds.push(this);
      }
    };
    const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
    if (ask) {
      navigator.mediaDevices.getUserMedia = (wanted) =>
        window.__refuses ? Promise.reject(new DOMException('refused', 'NotAllowedError')) : ask(wanted);
    }
    window.__show = (visible) => {
      Object.defineProperty(document, 'hidden', { value: !visible, configurable: true });
      Object.defineProperty(document, 'visibilityState', { value: visible ? 'visible' : 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    };
    window.__tracks = (kind, event) => {
      for (const pc of window.__pcs.filter((one) => one.connectionState !== 'closed')) {
        for (const { track } of pc.getSenders()) {
          if (track?.kind !== kind) continue;
          if (event === 'ended') track.stop();
          track.dispatchEvent(new Event(event));
        }
      }
    };
  });

async function inConsultation({ city, guardianPhone, clinicianDesktop }, options = {}) {
  const guardian = await guardianPhone(options);
  await driven(guardian);
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { mode: 'ビデオ', shots: false });
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(guardian.getByText('佐藤 医師').first()).toBeVisible();
  return { guardian, doctor: doctor.page };
}

test('a phone that rings and is put away in a call: the desk reads why, and all comes back by itself', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  const { guardian, doctor } = await inConsultation({ city, guardianPhone, clinicianDesktop });
  await doctor.getByRole('button', { name: 'ビデオで話す' }).click();
  await guardian.getByRole('button', { name: '出る', exact: true }).click();
  await expectDecodedFrames(doctor);

  await guardian.evaluate(() => window.__show(false));
  await expect(doctor.getByText('相手の画面が閉じています').first()).toBeVisible({ timeout: 5_000 });
  await seen(doctor, 'desk-call-their-screen-is-closed', '相手の画面が閉じています');
  await guardian.evaluate(() => (window.__tracks('audio', 'mute'), window.__tracks('video', 'mute')));
  await expect(doctor.getByText('相手の電話に着信があったようです')).toBeVisible({ timeout: 5_000 });
  await seen(doctor, 'desk-call-their-phone-rings', '相手の電話に着信があったようです');
  await guardian.evaluate(() => window.__show(true));
  await expect(doctor.getByText('相手の電話に着信があったようです')).toBeHidden({ timeout: 10_000 });
  await expectDecodedFrames(doctor);

  await guardian.evaluate(() => ((window.__refuses = true), window.__tracks('audio', 'ended'), window.__tracks('video', 'ended')));
  await seen(guardian, 'guardian-call-wants-a-touch', 'カメラとマイクをもどす');
  await guardian.evaluate(() => (window.__refuses = false));
  await guardian.getByRole('button', { name: 'カメラとマイクをもどす' }).click();
  await expect(guardian.getByRole('button', { name: 'カメラとマイクをもどす' })).toBeHidden();
  await expectDecodedFrames(doctor);

  await guardian.evaluate(() => Promise.all(window.__sounds.map((sound) => sound.suspend())));
  await expect(doctor.getByText('相手の電話に着信があったようです')).toBeVisible({ timeout: 5_000 });
  await expect(doctor.getByText('相手の電話に着信があったようです')).toBeHidden({ timeout: 10_000 });
  await hangsUp(doctor);
  await seen(doctor, 'desk-call-in-one-line', /通話 .*秒.*・損失 .*中断 \d回/);
});

test('a call that nobody answers waits for the doctor, also after a reload; the family asks to be called back', async ({
  clock,
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  const { guardian, doctor } = await inConsultation({ city, guardianPhone, clinicianDesktop });
  await doctor.getByRole('button', { name: '音声で話す' }).click();
  await expect(guardian.getByRole('button', { name: '出る', exact: true })).toBeVisible();
  await clock.forward({ seconds: 40 });
  await expect(guardian.getByRole('button', { name: '出る', exact: true }), 'it rings for a minute').toBeVisible();
  await clock.forward({ seconds: 20 });
  await expect(doctor.getByRole('button', { name: 'もう一度よぶ' })).toBeVisible();
  await doctor.reload();
  await seen(doctor, 'desk-missed-call', 'もう一度よぶ');
  await seen(guardian, 'guardian-missed-call', 'お電話に出られませんでした');
  await guardian.getByRole('button', { name: '折り返しをたのむ' }).click();
  await expect(guardian.getByText('折り返しの電話をお願いします。')).toBeVisible();
  await expect(guardian.getByText('お電話に出られませんでした')).toBeHidden();
  await seen(doctor, 'desk-missed-call-answered', 'このあと相談者から返信があります');
  await doctor.getByRole('button', { name: 'チャットで伝える' }).click();
  await expect(doctor.getByRole('textbox', { name: 'メッセージ' })).toHaveValue(/お電話しましたが/);
  await doctor.getByRole('button', { name: '送る' }).click();
  await expect(doctor.getByRole('button', { name: 'もう一度よぶ' })).toBeHidden();
});

test('inside of LINE the way into the real browser is shown before it rings, and opens the ticket there once', async ({
  city,
  guardianPhone,
}) => {
  test.setTimeout(90_000);
  const line = await guardianPhone({ userAgent: LINE });
  await registers(line, city, { shots: false });
  await fillsIntake(line, { mode: 'ビデオ', shots: false });
  await seen(line, 'guardian-inside-line', 'LINEの中の画面では、通話ができないことがあります');
  await line.getByRole('button', { name: 'ブラウザで開く' }).click();
  await seen(line, 'guardian-hand-over', 'ふだんのブラウザで続ける');
  await expect(line.getByRole('button', { name: 'リンクをコピー' })).toBeVisible();
  const way = await line.getByRole('link', { name: 'ブラウザで開く' }).getAttribute('href');
  expect(way).toMatch(/\/e\/[\w-]+\?openExternalBrowser=1$/);
  const safari = await guardianPhone();
  await safari.goto(way);
  await safari.getByRole('button', { name: 'この端末で続ける' }).click();
  await expect(safari.getByRole('heading', { name: '待合室' })).toBeVisible();
  await expect(safari.getByText('LINEの中の画面')).toHaveCount(0);
  const late = await guardianPhone();
  await late.goto(way);
  await expect(late.getByText('このQRコードは使えません')).toBeVisible();
});
