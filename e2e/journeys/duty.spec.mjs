// When somebody is there: a day that the city closes, an answer to what was asked meanwhile, the end of a shift, the rota.
import { test, expect } from '../fixtures/desk.mjs';
import { auditedShot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

async function waits(guardianPhone, city, worry) {
  const guardian = await guardianPhone();
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { worry, shots: false });
  await expect(guardian.getByRole('heading', { name: '待合室' })).toBeVisible();
  return guardian;
}

test('a city closes today; who asks all the same reads when an answer comes, and gets it', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const administrator = await clinicianDesktop('administrator');
  await signsIn(administrator);
  await administrator.page.goto('/admin/hours');
  await auditedShot(administrator.page, 'admin-hours');
  const today = await administrator.page.locator('#date').getAttribute('min');
  await administrator.page.getByLabel('日', { exact: true }).fill(today);
  await administrator.page.getByLabel('理由').fill('設備点検');
  await administrator.page.getByRole('button', { name: 'この日を加える' }).click();
  await expect(administrator.page.getByRole('cell', { name: '設備点検', exact: true })).toBeVisible();

  const guardian = await guardianPhone();
  await guardian.goto('/');
  await expect(guardian.getByText('設備点検のため、今日はお休みです')).toBeVisible();
  await expect(guardian.getByRole('link', { name: '119に電話' })).toBeVisible();
  await auditedShot(guardian, 'guardian-closed-today');
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { worry: '夜中にせきが出ます', shots: false });
  await expect(guardian.getByText(/までに返信します/)).toBeVisible();
  await auditedShot(guardian, 'guardian-promised');

  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByText(/いつでも相談：返事の期限順/).click();
  await auditedShot(doctor.page, 'desk-promises');
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await doctor.page.getByRole('textbox', { name: /メッセージ/ }).fill('部屋を加湿して、水分をこまめにとりましょう。');
  await doctor.page.getByRole('button', { name: /^送る/ }).click();
  await expect(guardian.getByText('部屋を加湿して')).toBeVisible();
  await auditedShot(guardian, 'guardian-answered');
});

test('a shift ends when something was chosen for each open consultation', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  const { page } = doctor;
  const said = (name) => page.getByRole('group', { name: '勤務' }).getByRole('button', { name });
  await said('対応中').click();
  await expect(said('対応中')).toHaveAttribute('aria-pressed', 'true');
  const first = await waits(guardianPhone, city, 'さきに来ました');
  await waits(guardianPhone, city, 'あとから来ました');
  await page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(page.getByRole('tab')).toHaveCount(1);
  await page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(page.getByRole('tab')).toHaveCount(2);
  await said('休憩').click();
  await expect(said('休憩')).toHaveAttribute('aria-pressed', 'true');
  await said('終了').click();
  const dialog = page.getByRole('dialog', { name: '担当している相談をどうしますか' });
  await expect(dialog.getByRole('group')).toHaveCount(2);
  await expect(dialog.getByRole('button', { name: '終了する' })).toBeDisabled();
  await dialog.getByRole('radio', { name: /待ちに戻す/ }).first().check();
  await expect(dialog.getByRole('button', { name: '終了する' })).toBeDisabled();
  await dialog.getByRole('radio', { name: /引き継ぐ/ }).last().check();
  await auditedShot(page, 'desk-shift-end');
  await dialog.getByRole('radio', { name: /対応を続ける/ }).last().check();
  await dialog.getByRole('button', { name: '終了する' }).click();
  await expect(dialog).toBeHidden();
  await expect(said('終了')).toHaveAttribute('aria-pressed', 'true');
  await auditedShot(page, 'desk-shift-over');
  await expect(first.getByText(/あなたの前に|つぎの順番です/).first()).toBeVisible();
  await page.reload();
  await expect(said('終了')).toHaveAttribute('aria-pressed', 'true');
});

test('the supervisor puts somebody on the rota, who asks to be stood in for', async ({ clinicianDesktop }) => {
  test.setTimeout(90_000);
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  const supervisor = await clinicianDesktop('supervisor');
  await signsIn(supervisor);
  const { page } = supervisor;
  await page.goto('/rota');
  await page.getByLabel('だれ', { exact: true }).selectOption({ index: 0 });
  await page.getByLabel('日', { exact: true }).fill('2027-01-05');
  await page.getByLabel('時間', { exact: true }).fill('夜');
  await page.getByRole('button', { name: '当番に入れる' }).click();
  await expect(page.getByRole('alert')).toContainText('18:00-22:00');
  await auditedShot(page, 'rota');
});
