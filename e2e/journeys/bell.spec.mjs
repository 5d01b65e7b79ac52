// The bell of a desk on duty: it rings for whoever waits, also for those who were there before the shift began or the page was
// loaded, until somebody takes them or this clinician silences it.
import { test, expect } from '../fixtures/desk.mjs';
import { countsRings, rang, ringsAgain } from '../fixtures/bell.mjs';
import { climbed, onDuty, opensDesk, waits } from '../fixtures/ladder.mjs';
import { signsIn } from '../fixtures/steps.mjs';

/** A browser keeps a page that was loaded anew silent until something in it is pressed, whatever it is. */
async function loadsAnew(page) {
  await page.reload();
  await expect(page.getByText('つながっています').first()).toBeVisible();
  await page.getByRole('heading', { name: '相談デスク' }).click();
  await expect(page.getByText('音が止められています')).toBeHidden();
}

const silence = (page) => page.getByRole('button', { name: '音を止める' });

async function desk(clinicianDesktop) {
  const page = await opensDesk(clinicianDesktop, 'pediatrician');
  await countsRings(page);
  return page;
}

/** Begins the shift; what rang is counted from now on. */
async function goesOnDuty(page) {
  await onDuty(page).click();
  await expect(onDuty(page)).toHaveAttribute('aria-pressed', 'true');
}

/** The bell has its time, and makes no sound. */
async function isSilent(page) {
  const before = await rang(page);
  await ringsAgain(page);
  expect(await rang(page)).toBe(before);
}

test('going on duty rings for whoever waits already, a reload in the middle of it rings on, and taking them ends it', async ({ city, guardianPhone, clinicianDesktop }) => {
  const supervisor = await clinicianDesktop('supervisor');
  await signsIn(supervisor);
  const doctor = await desk(clinicianDesktop);
  await waits(guardianPhone, city);
  await expect(doctor.locator('.qrow')).toHaveCount(1);
  await isSilent(doctor);

  await goesOnDuty(doctor);
  await expect(silence(doctor)).toBeVisible();
  await expect.poll(() => rang(doctor)).toBeGreaterThan(0);
  await loadsAnew(doctor);
  await expect(silence(doctor)).toBeVisible();
  await expect.poll(() => rang(doctor), 'the page begins anew, and so does the count').toBeGreaterThan(0);
  const before = await rang(doctor);
  await ringsAgain(doctor);
  expect(await rang(doctor)).toBeGreaterThan(before);

  await doctor.getByRole('button', { name: '次の方をよぶ' }).click();
  await expect(silence(doctor)).toBeHidden();
  await isSilent(doctor);
  await expect(doctor.locator('.qrow.taken')).toHaveCount(1);
});

test('a page confirms that it sounded when it has rung, and not before', async ({ city, guardianPhone, clinicianDesktop }) => {
  const supervisor = await clinicianDesktop('supervisor');
  await signsIn(supervisor);
  const doctor = await desk(clinicianDesktop);
  await goesOnDuty(doctor);
  await waits(guardianPhone, city);
  await expect.poll(() => climbed(supervisor.page)).toContain('届いた：音');
  expect(await rang(doctor)).toBeGreaterThan(0);
});

test('whom a clinician has silenced stays silent when the page is loaded anew, and the next family rings', async ({ city, guardianPhone, clinicianDesktop }) => {
  const doctor = await desk(clinicianDesktop);
  await waits(guardianPhone, city);
  await goesOnDuty(doctor);
  await silence(doctor).click();
  await expect(silence(doctor)).toBeHidden();
  await isSilent(doctor);
  await loadsAnew(doctor);
  await expect(doctor.locator('.qrow')).toHaveCount(1);
  await isSilent(doctor);
  await expect(silence(doctor)).toBeHidden();

  await waits(guardianPhone, city);
  await expect(silence(doctor)).toBeVisible();
  await expect.poll(() => rang(doctor)).toBeGreaterThan(0);
});
