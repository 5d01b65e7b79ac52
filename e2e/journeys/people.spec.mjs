// Calls of more than two, and the last ways to talk: four browsers of two engines, every pair of them connected; who waits
// hears nothing; who is put out is out; the call changes hands; a family that does not speak; the telephone.
import { test, expect } from '../fixtures/desk.mjs';
import { launchFirefox, firefoxPage } from '../fixtures/firefox.mjs';
import { expectDecodedFrames } from '../fixtures/media.mjs';
import { arrived, expectEveryPair, expectSilence, offerAtOnce, smallCapture } from '../fixtures/pairs.mjs';
import { audit, shot } from '../fixtures/page.mjs';
import { fillsIntake, hangsUp, registers, signsIn } from '../fixtures/steps.mjs';

const button = (page, name) => page.getByRole('button', { name }).filter({ visible: true }).first();

/** A family and a doctor who talk by video, with pictures small enough for many. */
async function talking({ city, guardianPhone, clinicianDesktop }, intake = {}) {
  const guardian = await guardianPhone();
  await guardian.addInitScript(smallCapture);
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { mode: 'ビデオ', shots: false, ...intake });
  const doctor = await clinicianDesktop('pediatrician');
  await doctor.page.addInitScript(smallCapture);
  await signsIn(doctor);
  await button(doctor.page, /次の方をよぶ/).click();
  await expect(guardian.getByText('佐藤 医師').first()).toBeVisible();
  await button(doctor.page, 'ビデオで話す').click();
  await button(guardian, /^出る$/).click();
  await expectDecodedFrames(guardian);
  await expectDecodedFrames(doctor.page);
  return { guardian, doctor: doctor.page };
}

/** The doctor asks the midwife in, and she comes. */
async function withMidwife({ clinicianDesktop }, doctor) {
  const midwife = await clinicianDesktop('midwife');
  await midwife.page.addInitScript(smallCapture);
  await signsIn(midwife);
  await expect(midwife.page.getByText('つながっています').first()).toBeVisible();
  await button(doctor, /参加者/).click();
  await button(doctor, /助産師をよぶ/).click();
  await button(midwife.page, '参加する').click();
  return midwife.page;
}

test('four in a call of two engines: every pair, at the same time, held, put out, handed over', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(300_000);
  const stage = { city, guardianPhone, clinicianDesktop };
  const { guardian, doctor } = await talking(stage);
  await shot(guardian, 'people-2-phone');
  await shot(doctor, 'people-2-desk');

  const midwife = await withMidwife(stage, doctor);
  for (const page of [guardian, doctor, midwife]) await expectEveryPair(page, 2);
  await shot(doctor, 'people-3-desk-list');
  await button(doctor, 'とじる').click();
  await shot(guardian, 'people-3-phone');
  await shot(doctor, 'people-3-desk');
  await expect(guardian.getByText('3人で話しています')).toBeVisible();

  await button(guardian, /参加者/).click();
  await guardian.getByLabel('招待する方のお名前').fill('けんた');
  await button(guardian, '家族を招待').click();
  const link = await guardian.getByLabel('招待のリンク').inputValue();
  await audit(guardian);
  await shot(guardian, 'people-invite-phone');
  const firefox = await launchFirefox();
  try {
    const partner = await firefoxPage(firefox);
    await partner.evaluateOnNewDocument(smallCapture);
    await partner.goto(link);
    await Promise.all([partner.waitForNavigation(), partner.click('main form button')]);
    await partner.waitForSelector('.call-join');
    await partner.click('.call-join');
    await button(guardian, 'とじる').click();
    const everybody = [guardian, doctor, midwife, partner];
    for (const page of everybody) await expectEveryPair(page, 3);
    for (const page of [guardian, doctor]) await expect(page.getByText('4人で話しています')).toBeVisible();
    await shot(guardian, 'people-4-phone');
    await shot(doctor, 'people-4-desk');
    await partner.screenshot({ path: 'shots/people-4-firefox.png' });
    await audit(guardian);
    await audit(doctor);

    // Glare: all four offer on all their connections at once, twice.
    for (let round = 0; round < 2; round += 1) {
      await Promise.all(everybody.map(offerAtOnce));
      for (const page of everybody) await expectEveryPair(page, 3);
    }

    // Held: the family and its partner hear nothing of anybody; the clinicians hear each other.
    await button(doctor, '保留').click();
    await expect(guardian.getByText('医師どうしで相談しています。少しお待ちください')).toBeVisible();
    await partner.waitForFunction(() => document.body.innerText.includes('医師どうしで相談しています'));
    await expectSilence(guardian);
    await expectSilence(partner);
    await expectDecodedFrames(doctor);
    await expectDecodedFrames(midwife);
    await shot(guardian, 'people-held-phone');
    await shot(doctor, 'people-held-desk');
    await button(doctor, '保留').click();
    for (const page of everybody) await expectEveryPair(page, 3);

    // Put out: the partner's page says so, and nobody is connected with it any more.
    await button(doctor, /参加者/).click();
    await doctor.getByRole('button', { name: /けんた.*外す/ }).click();
    await partner.waitForFunction(() => document.body.innerText.includes('通話から外れました'));
    for (const page of [guardian, doctor, midwife]) await expectEveryPair(page, 2);
    expect((await arrived(partner)).length, 'nothing arrives at who was put out').toBe(0);
  } finally {
    await firefox.close();
  }

  // Handed over: the same connections, and somebody else is responsible.
  const made = await guardian.evaluate(() => window.__pcs.length);
  await button(doctor, '担当を代わってもらう').click();
  await button(midwife, '担当を引き受ける').click();
  await expect(guardian.locator('.call-head').getByText(/担当 .*助産師/)).toBeVisible();
  await expectEveryPair(guardian, 2);
  expect(await guardian.evaluate(() => window.__pcs.length), 'nobody hung up').toBe(made);
  await shot(midwife, 'people-handed-over-desk');
  await button(doctor, '退出').click();
  await expectEveryPair(guardian, 1);
  await hangsUp(midwife);
  await expect(guardian.getByText(/通話を終わりました/)).toBeVisible();
});

test('a family that does not speak: its microphone is off, it types beside the picture, and the doctor is told', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  const { guardian, doctor } = await talking({ city, guardianPhone, clinicianDesktop }, { quiet: true });
  await expect(button(guardian, 'マイク')).toHaveAttribute('aria-pressed', 'false');
  await expect(doctor.getByText('声を出さずに相談しています')).toBeVisible();
  await expectSilence(doctor, { pictures: true });
  await button(guardian, 'チャット').click();
  await guardian.getByRole('textbox', { name: 'メッセージ' }).fill('いま寝たところです');
  await button(guardian, '送る').click();
  await expect(doctor.getByText('いま寝たところです').first()).toBeVisible();
  await expectDecodedFrames(guardian);
  await expectDecodedFrames(doctor);
  await shot(guardian, 'people-quiet-phone');
  await shot(doctor, 'people-quiet-desk');
});

test('down to the telephone and up again: the number is asked only then, and shown to the doctor alone', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  const { guardian, doctor } = await talking({ city, guardianPhone, clinicianDesktop });
  await button(guardian, '音声だけにする').click();
  await expect(button(guardian, 'ビデオにする')).toBeVisible();
  await button(doctor, '電話にかけなおす').click();
  await button(guardian, 'チャット').click();
  await expect(guardian.getByText('番号を入れてください')).toBeVisible();
  const number = guardian.getByLabel('電話番号');
  await number.fill('119');
  await button(guardian, 'この番号にかけてもらう').click();
  await expect(guardian.getByText('電話番号を確かめてください')).toBeVisible();
  await shot(guardian, 'people-telephone-phone');
  await number.fill('090-1234-5678');
  await button(guardian, 'この番号にかけてもらう').click();
  await expect(guardian.getByText('番号を預かりました。')).toBeVisible();
  await expect(doctor.getByRole('link', { name: '090-1234-5678' })).toHaveAttribute('href', 'tel:09012345678');
  await shot(doctor, 'people-telephone-desk');
  await audit(doctor);
  await button(doctor, 'つながらなかった').click();
  await expect(guardian.getByText('電話がつながりませんでした').first()).toBeVisible();
  await expect(doctor.getByRole('link', { name: '090-1234-5678' })).toHaveCount(0);
  await button(guardian, 'チャット').click();
  await button(guardian, 'ビデオにする').click();
  await expectDecodedFrames(doctor);
});
