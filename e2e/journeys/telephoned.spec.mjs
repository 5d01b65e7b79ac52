// No supervisor's page answers: the administrator has written down whom to telephone, and a clinician finds it beside the concern.
import { test, expect } from '../fixtures/desk.mjs';
import { seen } from '../fixtures/page.mjs';
import { fillsIntake, raisesConcern, registers, signsIn } from '../fixtures/steps.mjs';

test('an administrator keeps the numbers of supervisors, and a clinician whose concern nobody has seen reads whom to call', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const admin = await clinicianDesktop('administrator');
  await signsIn(admin);
  await admin.page.getByRole('link', { name: '電話番号を決める' }).click();
  const first = admin.page.getByRole('group', { name: '1番目' });
  await first.getByLabel('役割の名前').fill('当番の監督者');
  await first.getByLabel('電話番号').fill('119');
  await admin.page.getByRole('button', { name: '保存する' }).click();
  await seen(admin.page, 'admin-phones-wrong', '電話番号を確かめてください');
  await expect(first.getByLabel('電話番号')).toHaveAttribute('aria-invalid', 'true');
  await first.getByLabel('電話番号').fill('０９０－１２３４－５６７８');
  await admin.page.getByRole('button', { name: '保存する' }).click();
  await expect(first.getByLabel('電話番号')).toHaveValue('090-1234-5678');
  await seen(admin.page, 'admin-phones', '当番の監督者');

  const family = await guardianPhone();
  await registers(family, city, { shots: false });
  await fillsIntake(family, { shots: false });
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  const page = await raisesConcern(doctor.page);
  await expect(page.getByRole('link', { name: '090-1234-5678' })).toHaveAttribute('href', 'tel:09012345678');
  await seen(page, 'concern-telephoned', '電話で連絡してください');
});
