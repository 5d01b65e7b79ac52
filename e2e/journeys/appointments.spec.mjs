// 「時間を予約する」: a city offers appointments, a family books one and changes it, and at its time it is called before who walked in
// lately. With script and without. The server's clock is turned; nobody waits.
import { test, expect } from '../fixtures/clock.mjs';
import { auditedShot, expectNothingOverhangs, expectThumbSized } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

test.use({ begins: '2027-01-12T18:00' });

async function offersAppointments(clinicianDesktop) {
  const administrator = await clinicianDesktop('administrator');
  await signsIn(administrator);
  const { page } = administrator;
  await page.goto('/admin/hours');
  await page.getByRole('radio', { name: '受け付ける', exact: true }).check();
  await page.getByLabel('1時間に予約できる枠').selectOption('3枠');
  await page.getByRole('button', { name: '予約の設定を保存する' }).click();
  await expect(page.getByText('時間の予約を1時間に3枠、1人ずつに')).toBeVisible();
  return page;
}

async function waits(guardianPhone, city, worry, options) {
  const page = await guardianPhone(options);
  await registers(page, city, { shots: false });
  await fillsIntake(page, { worry, shots: false });
  await expect(page.getByRole('heading', { name: '待合室' })).toBeVisible();
  return page;
}

async function books(page, time) {
  await page.getByRole('radio', { name: time }).check();
  await page.getByRole('button', { name: 'この時間を予約する' }).click();
  await expect(page.getByRole('heading', { name: '予約しました' })).toBeVisible();
}

test('a family books, changes its mind, and is called at its time', async ({ clock, city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(180_000);
  const administrator = await offersAppointments(clinicianDesktop);
  await administrator.getByRole('heading', { name: '時間の予約' }).scrollIntoViewIfNeeded();
  await auditedShot(administrator, 'appointments-1-admin');

  const family = await waits(guardianPhone, city, '夜泣きのことです');
  await auditedShot(family, 'appointments-2-offered');
  await family.getByRole('link', { name: '時間を予約する' }).click();
  await expectNothingOverhangs(family, 'the times');
  await expectThumbSized(family, 'the times');
  await auditedShot(family, 'appointments-3-times');
  await books(family, '18:40〜18:50');
  await expect(family.getByText('1月12日（火）18:40〜18:50', { exact: true })).toBeVisible();
  await auditedShot(family, 'appointments-4-booked');

  await family.getByRole('link', { name: '時間を変える' }).click();
  await expect(family.getByText('いまの予約：1月12日（火）18:40〜18:50')).toBeVisible();
  await books(family, '19:00〜19:10');
  await expect(family.locator('#connection')).toContainText('つながっています');

  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await clock.until('2027-01-12T18:50');
  const walkedIn = await waits(guardianPhone, city, '着いた順です');
  await expect(walkedIn.getByText('つぎの順番です')).toBeVisible();
  const row = (worry) => doctor.page.locator('.qrow', { hasText: worry });
  await expect(row('着いた順です')).toBeVisible();
  const booked = doctor.page.getByRole('list', { name: '予約の相談' });
  await expect(booked.getByText('「夜泣きのことです」')).toBeVisible();
  await expect(booked.getByText(/あと(9|10)分/)).toBeVisible();
  await booked.getByRole('button').first().click();
  await auditedShot(doctor.page, 'appointments-5-booked');
  await booked.getByRole('button', { name: 'とじる' }).click();

  await clock.until('2027-01-12T19:00');
  await expect(family.getByRole('heading', { name: '待合室' })).toBeVisible();
  await expect(family.getByText('つぎの順番です')).toBeVisible();
  await expect(walkedIn.locator('.place .ahead')).toContainText('1人');
  await expect(row('夜泣きのことです').getByText('予約 19:00')).toBeVisible();
  await row('夜泣きのことです').getByRole('button').first().click();
  await expect(doctor.page.getByText(/予約は19:00、18:30に着いたもの/).first()).toBeVisible();
  await auditedShot(doctor.page, 'appointments-6-desk');
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expect(family.getByText('佐藤 医師が担当します').first()).toBeVisible();
});

test('a doctor who has time begins early, with a family whose page is open', async ({ clock, city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  await offersAppointments(clinicianDesktop);
  const family = await waits(guardianPhone, city, '離乳食のことです');
  await family.getByRole('link', { name: '時間を予約する' }).click();
  await books(family, '18:40〜18:50');
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  const booked = doctor.page.getByRole('list', { name: '予約の相談' });
  await booked.getByRole('button').first().click();
  await booked.getByRole('button', { name: '早めに始める' }).click();
  await expect(booked.getByText('予約の30分前から、早めに始められます。')).toBeVisible();
  await clock.until('2027-01-12T18:15');
  await booked.getByRole('button', { name: '早めに始める' }).click();
  await expect(family.getByText('佐藤 医師が担当します').first()).toBeVisible();
  await expect(booked.getByRole('listitem')).toHaveCount(0);
});

test('without scripts the same are forms, and who gives the appointment up waits from then on', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  await offersAppointments(clinicianDesktop);
  const family = await waits(guardianPhone, city, '離乳食のことです', { javaScriptEnabled: false });
  await family.getByRole('link', { name: '時間を予約する' }).click();
  await family.getByRole('button', { name: 'この時間を予約する' }).click();
  await expect(family.getByText('1つえらんでください。')).toBeVisible();
  await books(family, '18:40〜18:50');
  await family.getByText('予約をやめる', { exact: true }).click();
  await family.getByRole('button', { name: '予約をやめて、順番を待つ' }).click();
  await expect(family.getByText('つぎの順番です')).toBeVisible();
});
