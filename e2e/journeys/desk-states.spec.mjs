// The desk on a busy evening, state by state: an arrival, a family that went away, one taken out of turn, what is refused,
// what is missing in a record, what was signed and added to, and the keys.
import { test, expect } from '../fixtures/desk.mjs';
import { audit, auditAtNight, expectNothingOverhangs, seen, shot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

/** A family that waits: its page stays open. */
async function waits(guardianPhone, city, worry, sign) {
  const page = await guardianPhone();
  await registers(page, city, { shots: false });
  await fillsIntake(page, { worry, sign, shots: false });
  await expect(page.getByRole('heading', { name: '待合室' })).toBeVisible();
  return page;
}

/** Chromium rings after any click; this page's browser keeps it silent, as some do, until `window.mayRing`. */
function keepsSilent(page) {
  return page.addInitScript(() => {
    const state = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, 'state').get;
    Object.defineProperty(BaseAudioContext.prototype, 'state', {
      get() {
        return window.mayRing ? state.call(this) : 'suspended';
      },
    });
  });
}

test('several families: out of turn needs a reason, the red one comes first, one goes away', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(180_000);
  const { page, staff, code } = await clinicianDesktop('pediatrician');
  await signsIn({ page, staff, code });
  await page.getByRole('button', { name: 'キー操作の一覧' }).click();
  await seen(page, 'desk-keys', '1文字のキー操作を使う');
  await page.keyboard.press('Escape');

  const first = await waits(guardianPhone, city, '湿疹が広がりました。');
  const second = await waits(guardianPhone, city, '夜中に何度も起きます。');
  await expect(second.getByText('あなたの前に')).toBeVisible();
  await audit(second);
  await shot(second, 'guardian-waiting-behind-another');
  const red = await waits(guardianPhone, city, 'けいれんが止まりません。', /くちびるが紫/);
  await audit(red);
  await shot(red, 'guardian-waiting-119');

  await expect(page.getByText('危険サイン').first()).toBeVisible();
  await expect(page.locator('.qrow').first()).toContainText('赤');
  await second.close();
  await expect(page.getByText('接続が切れています').first()).toBeVisible({ timeout: 40_000 });
  await seen(page, 'desk-several-waiting', '「夜中に何度も起きます。」');

  await page.getByRole('button', { name: /2歳/ }).last().click();
  await page.getByRole('button', { name: 'この方を担当する' }).first().click();
  await expect(page.getByRole('dialog', { name: '先に担当する理由' })).toBeVisible();
  await seen(page, 'desk-out-of-turn', '先に担当する理由を書いてください');
  await page.getByRole('button', { name: 'やめる' }).first().click();

  await page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(red.getByText('佐藤 医師').first()).toBeVisible();
  await page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(page.getByRole('tab')).toHaveCount(2);
  await red.getByRole('textbox', { name: 'メッセージ' }).fill('いま救急車を待っています');
  await red.getByRole('button', { name: '送る' }).click();
  await expect(page.getByText('件の未読').first()).toBeAttached();
  await seen(page, 'desk-two-consultations', '対応区分');
  await auditAtNight(page);
  await shot(page, 'desk-two-consultations-night');
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
  await shot(page, 'desk-forced-colors');
  await page.emulateMedia({ forcedColors: 'none' });
  await page.setViewportSize({ width: 1024, height: 768 });
  await expectNothingOverhangs(page, 'the desk at 1024 px');
  await shot(page, 'desk-two-consultations-narrow');
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.getByRole('button', { name: 'ビデオで話す' }).filter({ visible: true }).click();
  await expect(first.getByRole('button', { name: '今は出られない' })).toBeVisible();
  await seen(page, 'desk-calling', '取り消す');
  await page.getByRole('tab').first().click();
  await page.getByRole('button', { name: '音声で話す' }).filter({ visible: true }).click();
  await seen(page, 'desk-refused', /別の相談で通話中/);
  await first.getByRole('button', { name: '今は出られない' }).click();
  await page.getByRole('tab').last().click();
  await seen(page, 'desk-declined', '相談者は今は出られません');

  await page.getByRole('button', { name: '戻す', exact: true }).filter({ visible: true }).click();
  await expect(page.getByRole('dialog', { name: '待ちに戻す理由' })).toBeVisible();
  await seen(page, 'desk-hand-back', '待ちに戻す理由');
});

test('a silent bell is said; a record: what is missing is said, signed is signed, and more is added below', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  await waits(guardianPhone, city, '授乳の間隔について聞きたいです。');
  const { page, staff, code } = await clinicianDesktop('midwife');
  await keepsSilent(page);
  await signsIn({ page, staff, code });
  await page.getByRole('button', { name: '対応中' }).first().click();
  await seen(page, 'desk-sound-blocked', '音が止められています。新しい相談が届いても鳴りません。');
  await page.evaluate(() => (window.mayRing = true));
  await page.getByRole('button', { name: '音を出す' }).click();
  await expect(page.getByText('音が止められています')).toBeHidden();
  await page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await page.getByRole('radio', { name: '家庭で様子見' }).check();
  await page.getByRole('button', { name: '確定だけする' }).click();
  await expect(page.getByRole('textbox', { name: /助言の内容/ })).toBeFocused();
  await seen(page, 'desk-record-missing', /助言/);
  await page.getByRole('textbox', { name: /助言の内容/ }).fill('3時間ごとを目安に。');
  await page.getByRole('textbox', { name: /受診の目安/ }).fill('半日おしっこが出ないとき。');
  await expect(page.getByText(/下書きを保存しました/)).toBeVisible();
  await page.getByRole('button', { name: '内部メモ' }).click();
  await seen(page, 'desk-memo', '内部メモ（相談者には見えません）');
  await page.getByRole('button', { name: '確定だけする' }).click();
  await page.getByRole('textbox', { name: '追記' }).fill('翌日に電話で確認する。');
  await page.getByRole('button', { name: '追記する' }).click();
  await expect(page.locator('.additions')).toContainText('翌日に電話で確認する。');
  await seen(page, 'desk-signed-with-addition', '確定済み');
  await page.getByRole('button', { name: '相談を終える' }).click();
  await seen(page, 'desk-closed', 'この相談は終わりました');
});
