// The other end of a referral: the city's public-health nurse receives what the family consented to, at her desk and on a phone. Her page
// has no script.
import { devices } from '@playwright/test';
import { test, expect } from '../fixtures/desk.mjs';
import { auditAtNight, expectNothingOverhangs, expectThumbSized, seen } from '../fixtures/page.mjs';
import { fillsIntake, opensConcern, registers, signsIn } from '../fixtures/steps.mjs';

const SHARED = '夜泣きで眠れない日が続いています。訪問での相談を希望されています。';

test('what a family consented to reaches the public-health nurse, who receives it and writes what was done', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const nurse = await clinicianDesktop('public_health_nurse', devices['Pixel 7']);
  await signsIn(nurse);
  await expect(nurse.page).toHaveURL(/\/referrals$/);
  await seen(nurse.page, 'referrals-nothing-yet', 'いま届いている紹介はありません');
  const family = await guardianPhone();
  await registers(family, city, { shots: false });
  await fillsIntake(family, { shots: false });
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  const concern = await opensConcern(doctor.page);
  await concern.getByLabel('伝える内容').fill(SHARED);
  await concern.getByRole('button', { name: '相談者に見せて同意をたずねる' }).click();
  await family.getByRole('button', { name: '伝えることに同意する' }).click();
  await expect(family.getByText('同意をいただきました。')).toBeVisible();

  await nurse.page.reload();
  await seen(nurse.page, 'referrals-on-a-phone', SHARED);
  await expectThumbSized(nurse.page, 'the nurse on her phone');
  await nurse.page.setViewportSize({ width: 320, height: 568 });
  await expectNothingOverhangs(nurse.page, 'at 320 px');
  await nurse.page.getByRole('button', { name: '受け取りました' }).click();
  await expect(nurse.page.getByRole('button', { name: '対応を記録して終える' })).toBeVisible();
  await expectNothingOverhangs(nurse.page, 'received, at 320 px');
  await concern.reload();
  await seen(concern, 'concern-received', '山本 保健師 が受け取りました');
  const supervisor = await clinicianDesktop('supervisor');
  await signsIn(supervisor);
  await supervisor.page.goto('/tasks');
  await seen(supervisor.page, 'tasks-with-a-nurse', '保健師が受け取りました');
  await family.getByRole('button', { name: '同意を取り消す' }).click();
  await seen(family, 'guardian-referral-received', '山本 保健師 が担当しています。');

  await nurse.page.setViewportSize({ width: 1280, height: 900 });
  await seen(nurse.page, 'referrals-received', SHARED);
  await auditAtNight(nurse.page);
  await nurse.page.getByLabel(/どう対応したか/).fill('24日に家庭訪問をした');
  await nurse.page.getByRole('button', { name: '対応を記録して終える' }).click();
  await nurse.page.getByRole('link', { name: /対応を終えたものを見る（1件）/ }).click();
  await seen(nurse.page, 'referrals-past', '24日に家庭訪問をした');
});
