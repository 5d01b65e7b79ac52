// Firefox as the family's browser, Chromium at the desk: two engines, one call.
import { test, expect } from '../fixtures/desk.mjs';
import { clicks, launchFirefox, firefoxPage } from '../fixtures/firefox.mjs';
import { expectDecodedFrames, expectPicture, expectSound } from '../fixtures/media.mjs';
import { hangsUp, signsIn } from '../fixtures/steps.mjs';

/** Types into the first element of a selector that can be seen. */
async function types(page, selector, text) {
  await page.waitForSelector(selector, { visible: true });
  await page.type(selector, text);
}

/** These words can be read on the page. */
const reads = (page, words) => page.waitForFunction((words) => document.body.innerText.includes(words), {}, words);

test('a family on Firefox and a midwife on Chromium walk the whole way: chat, video, record, survey', async ({ city, clinicianDesktop }) => {
  test.setTimeout(150_000);
  const browser = await launchFirefox();
  try {
    const family = await firefoxPage(browser);
    await family.goto(`${city.origin}/register`);
    await family.type('#passphrase', city.passphrase);
    await family.click('#about-child');
    await family.select('select[name="born_year"]', '2025');
    await family.select('select[name="born_month"]', '3');
    await family.select('#reach', 'line');
    await family.click('#consent_consultation');
    await Promise.all([family.waitForNavigation(), clicks(family, 'button', '登録して相談をはじめる')]);
    await family.evaluate(() => document.querySelector('input[name="complaints"][value="cough"]').click());
    await Promise.all([family.waitForNavigation(), clicks(family, 'button', 'つぎへ')]);
    await family.evaluate(() => document.querySelector('input[name="no_signs"]').click());
    await Promise.all([family.waitForNavigation(), clicks(family, 'button', 'つぎへ')]);
    await family.type('textarea[name="worry"]', 'せきが続いています。');
    await family.evaluate(() => document.querySelector('input[name="mode"][value="video"]').click());
    await Promise.all([family.waitForNavigation(), clicks(family, 'button', '相談を送る')]);
    await reads(family, 'つながっています');

    const midwife = await clinicianDesktop('midwife');
    await signsIn(midwife);
    await midwife.page.getByRole('button', { name: /次の方をよぶ/ }).click();
    const toFamily = midwife.page.getByRole('textbox', { name: 'メッセージ' });
    await toFamily.fill('いつからですか？');
    await toFamily.press('Control+Enter');
    await reads(family, 'いつからですか？');
    await types(family, '#message', '今朝からです');
    await clicks(family, '#composer button', '送る');
    await expect(midwife.page.getByText('今朝からです').first()).toBeVisible();

    await midwife.page.getByRole('button', { name: 'ビデオで話す' }).click();
    await clicks(family, 'button', '出る');
    for (const page of [family, midwife.page]) {
      await expectDecodedFrames(page);
      await expectSound(page);
    }
    await expectPicture(family, 'video.call-remote');
    await expectPicture(midwife.page, 'video.call-remote', { deviation: 0 });
    // Firefox does not always come back from a failed connection; the pair is given a new one, and nobody is rung.
    await family.evaluate(() => window.__pcs[0].close());
    await expect.poll(() => family.evaluate(() => window.__pcs.length), { timeout: 20_000 }).toBeGreaterThan(1);
    for (const page of [family, midwife.page]) {
      await expectDecodedFrames(page);
      await expectSound(page);
    }
    await hangsUp(midwife.page);
    await expect(midwife.page.getByText(/通話を終わりました/)).toBeVisible();

    await midwife.page.getByRole('textbox', { name: /助言の内容/ }).fill('部屋を加湿してください。');
    await midwife.page.getByRole('radio', { name: '助言のみ' }).check();
    await midwife.page.getByRole('button', { name: '確定して終える' }).click();
    await reads(family, '部屋を加湿してください。');
    await family.evaluate(() => document.querySelector('input[name="answer"][value="yes"]').click());
    await clicks(family, '#survey button', '回答を送る');
    await reads(family, 'ありがとうございました');
  } finally {
    await browser.close();
  }
});
