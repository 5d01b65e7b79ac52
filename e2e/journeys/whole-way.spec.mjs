// The whole way: a guardian on a phone and a doctor at a desk, from the entrance to the figure that the city counts.
import { test, expect } from '../fixtures/desk.mjs';
import { audit, auditedShot, shot } from '../fixtures/page.mjs';
import { expectDecodedFrames, expectPicture, expectSound } from '../fixtures/media.mjs';
import { fillsIntake, hangsUp, registers, signsIn } from '../fixtures/steps.mjs';

/** What the city counts, as the page of figures shows it. */
async function figures(page) {
  await page.goto('/kpi');
  const shown = (name) => page.getByRole('region', { name, exact: true }).locator('.v').innerText();
  const [consultations, satisfaction, registered] = [await shown('相談件数'), await shown('満足度'), await shown('登録者数')];
  return { 相談件数: consultations, 満足度: satisfaction, 登録者数: registered };
}

test('a feverish baby at night: chat, video, advice, survey, and one more in the figures', async ({
  city,
  guardianPhone,
  clinicianDesktop,
}) => {
  test.setTimeout(180_000);
  const supervisor = await clinicianDesktop('supervisor');
  await signsIn(supervisor);
  expect(await figures(supervisor.page)).toEqual({ 相談件数: '0件', 満足度: '―%', 登録者数: '0人' });

  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await expect(doctor.page.getByRole('heading', { name: /待ち/ })).toBeVisible();
  await doctor.page.getByRole('button', { name: '対応中' }).first().click();
  await audit(doctor.page);
  await shot(doctor.page, 'desk-empty');

  const guardian = await guardianPhone();
  await guardian.goto('/');
  await audit(guardian);
  await shot(guardian, 'guardian-1-entrance');
  await registers(guardian, city);
  await fillsIntake(guardian, { mode: 'ビデオ' });
  await expect(guardian.getByRole('heading', { name: '待合室' })).toBeVisible();
  await expect(guardian.locator('#connection')).toContainText('つながっています');
  await audit(guardian);
  await shot(guardian, 'guardian-5-waiting');

  await expect(doctor.page.getByText('2歳').first()).toBeVisible();
  await auditedShot(doctor.page, 'desk-arrival');
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(guardian.getByText('佐藤 医師').first()).toBeVisible();

  const toGuardian = doctor.page.getByRole('textbox', { name: 'メッセージ' });
  await toGuardian.fill('おしっこは今日何回くらい出ていますか？');
  await toGuardian.press('Control+Enter');
  await expect(guardian.getByText('おしっこは今日何回くらい出ていますか？')).toBeVisible();
  await guardian.getByRole('textbox', { name: 'メッセージ' }).fill('朝から2回です');
  await guardian.getByRole('button', { name: '送る' }).click();
  await expect(doctor.page.getByText('朝から2回です').first()).toBeVisible();
  await auditedShot(guardian, 'guardian-6-chat');
  await shot(doctor.page, 'desk-chat');
  await audit(doctor.page);

  await doctor.page.getByRole('button', { name: 'ビデオで話す' }).click();
  await expect(guardian.getByRole('button', { name: '出る', exact: true })).toBeVisible();
  await auditedShot(guardian, 'guardian-7-ringing');
  await guardian.getByRole('button', { name: '出る', exact: true }).click();
  for (const page of [guardian, doctor.page]) {
    await expectDecodedFrames(page);
    await expectPicture(page, 'video.call-remote');
    await expectSound(page);
  }
  await shot(guardian, 'guardian-8-call');
  await shot(doctor.page, 'desk-call');
  await audit(guardian);
  await audit(doctor.page);
  await hangsUp(doctor.page);
  await expect(guardian.getByText(/通話を終わりました/)).toBeVisible();

  await doctor.page.getByRole('textbox', { name: /助言の内容/ }).fill('今夜は水分を少しずつ。明日の朝、かかりつけへ。');
  await doctor.page.getByRole('radio', { name: '家庭で様子見' }).check();
  await doctor.page.getByRole('textbox', { name: /受診の目安/ }).fill('くちびるの色が悪い、反応が弱いときは119番へ。');
  await doctor.page.getByRole('button', { name: '確定して終える' }).click();

  await expect(guardian.getByText('今夜は水分を少しずつ。明日の朝、かかりつけへ。')).toBeVisible();
  await shot(guardian, 'guardian-9-after');
  await audit(guardian);
  await guardian.getByRole('radio', { name: 'そう思う', exact: true }).check();
  await guardian.getByRole('button', { name: /送る|回答/ }).first().click();
  await expect(guardian.getByText(/ありがとうございました/)).toBeVisible();
  await auditedShot(guardian, 'guardian-10-thanks');

  await supervisor.page.goto('/logs');
  await audit(supervisor.page);
  await shot(supervisor.page, 'logs');
  await supervisor.page.getByRole('link', { name: /指標/ }).first().click();
  await expect(supervisor.page.getByRole('heading', { name: /事業の指標/ })).toBeVisible();
  expect(await figures(supervisor.page)).toEqual({ 相談件数: '1件', 満足度: '100.0%', 登録者数: '1人' });
  await audit(supervisor.page);
  await shot(supervisor.page, 'kpi');
  await supervisor.page.getByRole('link', { name: /数えた全部の相談を開く/ }).click();
  await supervisor.page.locator('table a[href^="/logs/"]').click();
  await expect(supervisor.page.getByRole('heading', { name: /できごと/ })).toBeVisible();
  await expect(supervisor.page.getByText('朝から2回です').first()).toBeVisible();
  await audit(supervisor.page);
  await shot(supervisor.page, 'replay');
});
