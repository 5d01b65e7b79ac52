// 「あとで返事をもらう」: a family that would rather not wait live, with script and without.
import { test, expect } from '../fixtures/desk.mjs';
import { auditedShot, expectNothingOverhangs, expectThumbSized } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

const WISH = '待たずに、あとで返事をもらう';
const PROMISED = /\d+月\d+日（.）.* \d\d:\d\dまでに返信します/;

async function waits(guardianPhone, city, options) {
  const guardian = await guardianPhone(options);
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { worry: '離乳食のことです', shots: false });
  await expect(guardian.getByRole('heading', { name: '待合室' })).toBeVisible();
  return guardian;
}

test('whoever presses is answered at any time: the page stays, the place goes, the desk has the promise', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  const guardian = await waits(guardianPhone, city);
  await expect(guardian.locator('#connection')).toContainText('つながっています');
  await expect(guardian.locator('#later[data-in-place]'), 'its script is here').toBeAttached();
  await expect(guardian.getByText('つぎの順番です')).toBeVisible();
  await guardian.getByText(WISH).click();
  const promise = (await guardian.locator('#later').getByText(PROMISED).textContent()).trim();
  await expectNothingOverhangs(guardian, 'the wish to be answered later');
  await expectThumbSized(guardian, 'the wish to be answered later');
  await auditedShot(guardian, 'later-1-asked');
  await guardian.evaluate(() => (window.stayed = true));
  await guardian.getByRole('button', { name: 'あとで返事をもらう' }).click();
  await expect(guardian.getByText('つぎの順番です')).toBeHidden();
  await expect(guardian.getByText(promise).filter({ visible: true })).toBeVisible();
  await expect(guardian.getByText(WISH)).toBeHidden();
  expect(await guardian.evaluate(() => window.stayed), 'the page was not left').toBe(true);
  await expect(guardian.getByText(/あとで返事をもらうことにしました/)).toBeVisible();
  await auditedShot(guardian, 'later-2-promised');
  await guardian.reload();
  await expect(guardian.getByText(promise).filter({ visible: true })).toBeVisible();
  await expect(doctor.page.getByText(/いつでも相談：返事の期限順（1件）/)).toBeVisible();
  await auditedShot(doctor.page, 'later-3-desk');
});

test('without scripts the same is a form', async ({ city, guardianPhone }) => {
  const guardian = await waits(guardianPhone, city, { javaScriptEnabled: false });
  await guardian.getByText(WISH).click();
  await guardian.getByRole('button', { name: 'あとで返事をもらう' }).click();
  await expect(guardian.getByText('相談を受け付けました')).toBeVisible();
  await expect(guardian.getByText(PROMISED)).toBeVisible();
});
