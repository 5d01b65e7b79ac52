// What must not be lost: a concern on the supervisor's list, a referral that the family reads first, and the leaflet that a city
// prints. The morning after is in `morning`.
import { test, expect } from '../fixtures/desk.mjs';
import { seen } from '../fixtures/page.mjs';
import { fillsIntake, raisesConcern, registers, signsIn } from '../fixtures/steps.mjs';

test('「気になる」 reaches a supervisor, and a referral goes out with the words that the family read', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const family = await guardianPhone();
  await registers(family, city, { shots: false });
  await fillsIntake(family, { shots: false });
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await doctor.page.getByRole('button', { name: '明日きく' }).click();
  await expect(doctor.page.getByRole('button', { name: '明日きく ✓' })).toHaveAttribute('aria-pressed', 'true');
  await expect(family.getByText('明日の朝、その後のようすをおたずねします。')).toBeVisible();
  await seen(doctor.page, 'desk-ask-tomorrow', '明日きく ✓');
  const page = await raisesConcern(doctor.page, '左うでに古いあざが3つ。母は「転んだ」と話した。');
  await seen(page, 'concern', '監督者の画面に出るのを待っています');
  await page.getByLabel('伝える内容').fill('夜泣きで眠れない日が続いています。訪問での相談を希望されています。');
  await page.getByRole('button', { name: '相談者に見せて同意をたずねる' }).click();
  await expect(page.getByText('相談者の返事を待っています。')).toBeVisible();

  await expect(family.getByRole('heading', { name: '市の保健師への紹介' })).toBeVisible();
  await expect(family.getByText('あざ')).toHaveCount(0);
  await seen(family, 'guardian-referral', '訪問での相談を希望されています');
  await family.getByRole('button', { name: '伝えることに同意する' }).click();
  await expect(family.getByText('同意をいただきました。')).toBeVisible();

  const supervisor = await clinicianDesktop('supervisor');
  await signsIn(supervisor);
  await supervisor.page.getByRole('link', { name: '対応', exact: true }).click();
  await seen(supervisor.page, 'tasks', '気になる（安全の確認）');
  const concern = supervisor.page.getByRole('article', { name: '気になる（安全の確認）' });
  await concern.getByRole('button', { name: '自分が対応する' }).click();
  const referral = supervisor.page.getByRole('article', { name: '保健師への紹介' });
  await expect(referral).toContainText('訪問での相談を希望されています');
  await referral.getByLabel(/何をしたか/).fill('保健師の山本さんに電話で伝えた');
  await referral.getByRole('button', { name: '対応を終える' }).click();
  await expect(referral).toHaveCount(0);
  await concern.getByRole('link', { name: '気になる記録を開く' }).click();
  await seen(supervisor.page, 'concern-of-the-supervisor', '左うでに古いあざ');
});

test('a nursery gets its leaflet, and a family that scans it registers through it', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(90_000);
  const { page, staff, code } = await clinicianDesktop('administrator');
  await signsIn({ page, staff, code });
  await page.getByRole('link', { name: 'ちらし', exact: true }).click();
  await seen(page, 'institutions-nothing-yet', 'まだありません');
  await page.getByLabel('名前').fill('ひばり保育園');
  await page.getByLabel('種類').selectOption('nursery');
  await page.getByRole('button', { name: '追加する' }).click();
  await seen(page, 'institutions', 'ひばり保育園');
  await page.getByRole('link', { name: 'ひばり保育園のちらしを開く' }).click();
  await seen(page, 'leaflet', city.passphrase);
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 794, height: 1123 });
  await expect(page.getByText('この案内は印刷されません')).toBeHidden();
  await page.screenshot({ path: 'shots/leaflet-print.png', fullPage: true });
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? [];
  expect(pages).toHaveLength(1);
  await page.emulateMedia({ media: 'screen' });

  const code8 = new URL(page.url()).pathname.split('/')[3];
  const family = await guardianPhone();
  await family.goto(`/register?from=${code8}`);
  await expect(family.getByLabel('この相談をどこで知りましたか')).toHaveValue('nursery');
  const supervisor = await clinicianDesktop('supervisor');
  await signsIn(supervisor);
  await supervisor.page.getByRole('link', { name: '指標' }).click();
  await expect(supervisor.page.getByRole('row', { name: /ひばり保育園/ })).toBeVisible();
});
