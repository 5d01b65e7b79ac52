// Every page in the states that the render tests hold as samples: axe by day and by night, small phones, large letters,
// a phone laid on its side, the colours of the reader's own choice. A state that is added there is looked at here.
import { test, expect } from '@playwright/test';
import { audit, auditAtNight, expectNothingOverhangs, expectThumbSized, shot } from '../fixtures/page.mjs';
import { showSample, writeSamples } from '../fixtures/samples.mjs';

const PHONE = { width: 412, height: 839 };
const SMALL_PHONE = { width: 320, height: 568 };
const PHONE_ON_ITS_SIDE = { width: 740, height: 360 };
const DESKTOP = { width: 1440, height: 900 };
const OLD_MONITOR = { width: 1024, height: 768 };

test('every page of a family, by day and at night, on small phones and in large letters @long', async ({ page }) => {
  test.setTimeout(600_000);
  for (const name of await writeSamples('guardian')) {
    await test.step(name, async () => {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(PHONE);
      await showSample(page, 'guardian', name);
      await expect(page.getByRole('heading', { level: 1 }), name).toHaveCount(1);
      await audit(page);
      await expectThumbSized(page, name);
      await shot(page, `sample-guardian-${name}`);
      await auditAtNight(page);
      await shot(page, `sample-guardian-${name}-night`);
      await page.setViewportSize(PHONE_ON_ITS_SIDE);
      await expectNothingOverhangs(page, `${name}, laid on its side`);
      await page.setViewportSize(SMALL_PHONE);
      await expectNothingOverhangs(page, `${name} at 320 px`);
      await page.addStyleTag({ content: 'html { font-size: 200% }' });
      await page.setViewportSize(PHONE);
      await expectNothingOverhangs(page, `${name} in letters of twice the size`);
    });
  }
});

test('the desk and the reports in every sample, by day and at night, on an old monitor @long', async ({ page }) => {
  test.setTimeout(600_000);
  for (const name of await writeSamples('desk')) {
    await test.step(name, async () => {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(DESKTOP);
      await showSample(page, 'desk', name);
      await expect(page.getByRole('heading').first(), name).toBeVisible();
      await audit(page);
      await shot(page, `sample-staff-${name}`);
      await auditAtNight(page);
      await shot(page, `sample-staff-${name}-night`);
      await page.setViewportSize(OLD_MONITOR);
      await expectNothingOverhangs(page, `${name} at 1024 px`);
    });
  }
});
