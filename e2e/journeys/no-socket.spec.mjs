// Where a network lets no socket through: everything but a call works all the same, and it is said in words.
import { test, expect } from '../fixtures/desk.mjs';
import { auditedShot, shot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

/** What is seen with the next look at the page, half a minute later at most: the phone's clock is put forward. */
async function nextLook(page, expected) {
  await expect(async () => {
    await page.clock.fastForward(30_000);
    await expected();
  }).toPass({ timeout: 30_000 });
}
const SOON = { timeout: 2_000 };

test('a proxy lets no socket through: the family waits, talks and answers by forms, and is live again when one comes', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(120_000);
  let blocked = true;
  const guardian = await guardianPhone();
  await guardian.clock.install();
  await guardian.routeWebSocket('**/live', (socket) => {
    if (blocked) socket.close();
    else socket.connectToServer();
  });
  const first = await guardianPhone();
  for (const family of [first, guardian]) {
    await registers(family, city, { shots: false });
    await fillsIntake(family, { shots: false });
  }
  await nextLook(guardian, () => expect(guardian.locator('#connection')).toContainText('ときどき確かめています', SOON));
  await expect(guardian.locator('.ahead')).toContainText('1人');
  await auditedShot(guardian, 'guardian-waiting-no-socket');

  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await expect(doctor.page.locator('.qrow').getByText('在室')).toHaveCount(2);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(first.getByText('佐藤 医師が担当します')).toBeVisible();
  await nextLook(guardian, () => expect(guardian.getByText('つぎの順番です'), 'the place moves').toBeVisible(SOON));
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await nextLook(guardian, () => expect(guardian.getByText('佐藤 医師が担当します')).toBeVisible(SOON));

  await guardian.getByRole('textbox', { name: 'メッセージ' }).fill('市役所のWi-Fiからです');
  await guardian.getByRole('button', { name: '送る' }).click();
  await expect(doctor.page.getByText('市役所のWi-Fiからです').first()).toBeVisible();
  await expect(guardian.getByText('送信済み')).toBeVisible();
  const toGuardian = doctor.page.getByRole('textbox', { name: 'メッセージ' });
  await toGuardian.fill('おしっこは出ていますか？');
  await toGuardian.press('Control+Enter');
  await nextLook(guardian, () => expect(guardian.getByText('おしっこは出ていますか？')).toBeVisible(SOON));
  await auditedShot(guardian, 'guardian-chat-no-socket');
  expect(await guardian.getByText('市役所のWi-Fiからです').count(), 'said once').toBe(1);

  await doctor.page.getByRole('textbox', { name: /助言の内容/ }).fill('水分を少しずつ。');
  await doctor.page.getByRole('radio', { name: '家庭で様子見' }).check();
  await doctor.page.getByRole('textbox', { name: /受診の目安/ }).fill('反応が弱いときは119番へ。');
  await doctor.page.getByRole('button', { name: '確定して終える' }).click();
  await nextLook(guardian, () => expect(guardian.getByRole('heading', { name: 'おわり' })).toBeVisible(SOON));
  await guardian.getByRole('radio', { name: 'そう思う', exact: true }).check();
  await guardian.getByRole('button', { name: '回答を送る' }).click();
  await expect(guardian.getByText('ご回答ありがとうございました')).toBeVisible();
  await shot(guardian, 'guardian-thanks-no-socket');

  blocked = false;
  await nextLook(guardian, () => expect(guardian.locator('#connection')).toHaveText('つながっています', SOON));
});

test('a browser without notifications begins a shift all the same', async ({ clinicianDesktop }) => {
  const { page, ...doctor } = await clinicianDesktop('pediatrician');
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  await page.addInitScript(() => delete window.Notification);
  await signsIn({ page, ...doctor });
  expect(await page.evaluate(() => 'Notification' in window)).toBe(false);
  await page.getByRole('button', { name: '対応中' }).first().click();
  await expect(page.getByRole('button', { name: '対応中' }).first()).toHaveAttribute('aria-pressed', 'true');
  expect(wrong).toEqual([]);
});
