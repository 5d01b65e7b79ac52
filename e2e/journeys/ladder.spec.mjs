// Nobody is overlooked: a page at the desk confirms that it has sounded, and what nobody hears comes to the supervisor.
import { test, expect } from '../fixtures/desk.mjs';
import { auditedShot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

async function waits(guardianPhone, city) {
  const page = await guardianPhone();
  await registers(page, city, { shots: false });
  await fillsIntake(page, { shots: false });
  await expect(page.locator('#connection')).toContainText('つながっています');
  return page;
}

test('with no desk connected an arrival comes to the supervisor by itself, and stays until what was done is written', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const supervisor = await clinicianDesktop('supervisor');
  await signsIn(supervisor);
  const list = supervisor.page;
  await list.getByRole('link', { name: '対応', exact: true }).click();
  await expect(list.getByText('いま対応することはありません')).toBeVisible();
  await auditedShot(list, 'overlooked-empty');
  await waits(guardianPhone, city);
  // The page looks again by itself: nobody touches it.
  await expect(list.getByText(/担当者が決まらないまま/)).toBeVisible({ timeout: 60_000 });
  await list.getByRole('button', { name: '自分が対応する' }).click();
  await expect(list.getByText(/（監督者）/).last()).toBeVisible();
  await auditedShot(list, 'overlooked');
  await list.getByLabel(/何をしたか/).fill('当番の医師に電話しました');
  await list.getByRole('button', { name: '対応を終える' }).click();
  await expect(list.getByText('いま対応することはありません')).toBeVisible();
});

test('a desk on duty confirms that it sounded; one that is not is asked when nobody takes the family', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const midwife = await clinicianDesktop('midwife');
  await signsIn(midwife);
  const off = midwife.page;
  await expect(off.getByText('つながっています')).toBeVisible();
  await waits(guardianPhone, city);
  await expect(off.getByText('待っている方がいますが、担当者が決まっていません。')).toBeVisible({ timeout: 30_000 });
  await auditedShot(off, 'desk-wanted');
  await off.getByRole('button', { name: 'シフトをはじめる' }).click();
  await expect(off.getByText('待っている方がいますが、担当者が決まっていません。')).toBeHidden();
  await waits(guardianPhone, city);
  const supervisor = await clinicianDesktop('supervisor');
  await signsIn(supervisor);
  await supervisor.page.goto('/logs');
  await supervisor.page.locator('tbody a').first().click();
  await expect(supervisor.page.getByText('届いた：音')).toBeVisible();
});
