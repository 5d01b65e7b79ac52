// JavaScript off: registration, intake, chat and survey are forms, and nothing typed is lost on the way.
import { test, expect } from '../fixtures/desk.mjs';
import { shot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

test('a family without scripts registers, asks, talks and answers', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const guardian = await guardianPhone({ javaScriptEnabled: false });
  await registers(guardian, city, { shots: false });

  await guardian.getByRole('button', { name: 'つぎへ' }).click();
  await expect(guardian.getByText('近いものを1つ以上えらんでください。').first()).toBeVisible();
  await shot(guardian, 'guardian-3-symptoms-fault');
  await fillsIntake(guardian, { worry: '授乳の間隔について聞きたいです。', shots: false });
  await expect(guardian.getByRole('heading', { name: '待合室' })).toBeVisible();

  const doctor = await clinicianDesktop('midwife');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await doctor.page.getByRole('textbox', { name: 'メッセージ' }).fill('いつからですか？');
  await doctor.page.getByRole('textbox', { name: 'メッセージ' }).press('Control+Enter');
  await expect(doctor.page.getByText('いつからですか？').first()).toBeVisible();

  await expect(async () => {
    await guardian.reload();
    await expect(guardian.getByText('いつからですか？')).toBeVisible({ timeout: 1000 });
  }).toPass();
  await guardian.getByRole('textbox', { name: 'メッセージ' }).fill('今朝からです');
  await guardian.getByRole('button', { name: '送る' }).click();
  await expect(guardian.getByText('今朝からです')).toBeVisible();
  await expect(doctor.page.getByText('今朝からです').first()).toBeVisible();

  await doctor.page.getByRole('textbox', { name: /助言の内容/ }).fill('3時間ごとを目安に。');
  await doctor.page.getByRole('radio', { name: '助言のみ' }).check();
  await doctor.page.getByRole('button', { name: '確定して終える' }).click();
  await expect(async () => {
    await guardian.reload();
    await expect(guardian.getByText('3時間ごとを目安に。')).toBeVisible({ timeout: 1000 });
  }).toPass();
  await guardian.getByRole('radio', { name: 'どちらかといえばそう思う' }).check();
  await guardian.locator('form[action$="/survey"] button').click();
  await expect(guardian.getByText(/ありがとうございました/)).toBeVisible();
});

test('a sign of danger shows the 119 panel on the next page, before anything else', async ({ city, guardianPhone }) => {
  const guardian = await guardianPhone({ javaScriptEnabled: false });
  await registers(guardian, city, { shots: false });
  await guardian.getByRole('checkbox', { name: '発熱' }).check();
  await guardian.getByRole('button', { name: 'つぎへ' }).click();
  await expect(guardian.getByRole('checkbox', { name: '高い所から落ちた' })).toHaveCount(0);
  await guardian.getByLabel(/体温/).fill('38.9');
  await guardian.getByRole('button', { name: /ほかの危険なサインも確認する/ }).click();
  await expect(guardian.getByRole('checkbox', { name: '高い所から落ちた' })).toBeVisible();
  await expect(guardian.getByLabel(/体温/)).toHaveValue('38.9');
  await shot(guardian, 'guardian-3-signs-all');
  await guardian.getByRole('checkbox', { name: 'くちびるが紫色で、呼吸が弱い' }).check();
  await guardian.getByRole('button', { name: 'つぎへ' }).click();
  const call = guardian.getByRole('link', { name: /119に電話/ }).first();
  await expect(call).toBeVisible();
  await expect(call).toHaveAttribute('href', 'tel:119');
  await shot(guardian, 'guardian-119');
});
