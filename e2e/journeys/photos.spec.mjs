// A rash in the night: photos from a phone to the desk and back, over a line that drops; asked for, seen side by side, drawn on.
import { deflateSync } from 'node:zlib';
import { test, expect } from '../fixtures/desk.mjs';
import { auditedShot, expectNothingOverhangs, expectThumbSized, shot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

const CRC = Array.from({ length: 256 }, (_, n) => Array.from({ length: 8 }).reduce((c) => (c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1), n));
const crc = (bytes) => ~bytes.reduce((sum, byte) => CRC[(sum ^ byte) & 255] ^ (sum >>> 8), -1) >>> 0;

/** A PNG of skin with red spots; `noise` makes it heavy. */
function photo(width, height, { noise = false } = {}) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const spot = (x % 90) ** 2 + (y % 70) ** 2 < 300;
      const jitter = noise ? Math.floor(Math.random() * 90) : 0;
      const at = y * (width * 3 + 1) + 1 + x * 3;
      [rows[at], rows[at + 1], rows[at + 2]] = spot ? [200, 60 + jitter, 60] : [235, 190 - jitter, 165];
    }
  }
  const chunk = (name, body) => {
    const named = Buffer.concat([Buffer.from(name), body]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc(named));
    return Buffer.concat([length, named, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))]);
}

const file = (buffer, name = 'IMG_0001.png', mimeType = 'image/png') => ({ name, mimeType, buffer });

/** Every photo that a page shows has arrived. */
async function expectPhotos(page, count) {
  const photos = page.locator('.msgs img');
  await expect(photos).toHaveCount(count);
  await expect.poll(() => photos.evaluateAll((all) => all.every((one) => one.complete && one.naturalWidth > 0))).toBe(true);
}

async function waits(guardianPhone, city, options) {
  const guardian = await guardianPhone(options);
  await registers(guardian, city, { shots: false });
  await fillsIntake(guardian, { shots: false });
  await expect(guardian.getByRole('heading', { name: '待合室' })).toBeVisible();
  return guardian;
}

async function sends(guardian, buffer, { words = '' } = {}) {
  await guardian.locator('#foot-bar summary').click();
  await guardian.getByLabel(/写真（1枚ずつ/).setInputFiles(file(buffer));
  if (words) await guardian.getByLabel(/ひとこと（なくても/).fill(words);
  await guardian.getByRole('button', { name: '写真を送る' }).click();
}

test('photos go both ways, are asked for with one press, seen side by side and drawn on', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const guardian = await waits(guardianPhone, city);
  await expect(guardian.locator('#connection')).toContainText('つながっています');
  await guardian.locator('#foot-bar summary').click();
  await expectNothingOverhangs(guardian, 'the form of a photo');
  await expectThumbSized(guardian, 'the form of a photo');
  await auditedShot(guardian, 'photo-1-form');
  await guardian.locator('#foot-bar summary').click();
  await sends(guardian, photo(1200, 900), { words: '背中です。昨日から' });
  await expect(guardian.getByText('送りました')).toBeVisible();
  await expectPhotos(guardian, 1);
  await auditedShot(guardian, 'photo-2-sent');

  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  await expectPhotos(doctor.page, 1);
  await expect(doctor.page.getByText('背中です。昨日から')).toBeVisible();

  await doctor.page.getByRole('button', { name: '写真をお願い' }).click();
  await expect(doctor.page.getByRole('button', { name: '写真を待っています' })).toBeDisabled();
  await expect(guardian.getByText('担当者が写真をお願いしています')).toBeVisible();
  await expectThumbSized(guardian, 'the camera');
  await auditedShot(guardian, 'photo-3-wished');
  const camera = guardian.getByLabel('カメラで撮って送る');
  await expect(camera).toHaveAttribute('capture', 'environment');
  await camera.setInputFiles(file(photo(900, 1200)));
  await expect(guardian.getByText('担当者が写真をお願いしています')).toBeHidden();
  await expectPhotos(guardian, 2);
  await expectPhotos(doctor.page, 2);
  await expect(doctor.page.getByRole('button', { name: '写真をお願い' })).toBeEnabled();
  await auditedShot(doctor.page, 'photo-4-desk');

  await doctor.page.getByRole('button', { name: '相談者の写真' }).first().click();
  const viewer = doctor.page.getByRole('dialog', { name: '写真' });
  await viewer.getByRole('button', { name: '写真を並べる' }).last().click();
  await expect(viewer.locator('.sheet')).toHaveCount(2);
  const sheet = await viewer.locator('.sheet').first().boundingBox();
  const at = (x, y) => [sheet.x + sheet.width * x, sheet.y + sheet.height * y];
  const { mouse } = doctor.page;
  await mouse.move(...at(0.2, 0.3));
  await mouse.down();
  await mouse.move(...at(0.5, 0.5), { steps: 4 });
  await mouse.up();
  await viewer.getByRole('button', { name: '丸', exact: true }).click();
  await mouse.move(...at(0.55, 0.4));
  await mouse.down();
  await mouse.move(...at(0.7, 0.55), { steps: 4 });
  await mouse.up();
  await expect(viewer.locator('.sheet path.mark')).toHaveCount(2);
  await viewer.getByRole('button', { name: '印を残す' }).click();
  await expect(viewer.getByRole('button', { name: '印を残す' })).toBeDisabled();
  await auditedShot(doctor.page, 'photo-5-viewer');
  await viewer.getByRole('button', { name: 'とじる' }).click();
  await doctor.page.reload();
  await doctor.page.getByRole('button', { name: '相談者の写真' }).first().click();
  await expect(viewer.locator('.sheet path.mark')).toHaveCount(2);
  await doctor.page.keyboard.press('Escape');
  await expect(viewer).toBeHidden();

  await doctor.page.locator('.talk:not([hidden]) details.photos summary').click();
  await doctor.page.getByLabel('写真（15MBまで）').setInputFiles(file(photo(640, 480)));
  await doctor.page.getByRole('button', { name: '写真を送る' }).click();
  await expectPhotos(guardian, 3);
  await shot(guardian, 'photo-6-both');
});

test('a line that drops in the middle of a photo is waited for, and the photo goes on where it was', async ({ city, guardianPhone }) => {
  test.setTimeout(90_000);
  const guardian = await waits(guardianPhone, city);
  const parts = [];
  let cut = true;
  await guardian.route(/\/photos\/[0-9a-f-]{36}$/, async (route) => {
    const range = route.request().headers()['content-range'];
    if (cut && parts.length === 3) return route.abort('connectionreset');
    parts.push(range);
    return route.continue();
  });
  await sends(guardian, photo(1000, 800, { noise: true }));
  await expect(guardian.getByText('つながりしだい、続きから送ります')).toBeVisible();
  await auditedShot(guardian, 'photo-7-lost-line');
  cut = false;
  await expect(guardian.getByText('送りました')).toBeVisible({ timeout: 30_000 });
  expect(new Set(parts).size, 'no part was sent twice').toBe(parts.length);
  expect(parts[3]).toMatch(/^bytes 393216-/);
  await expectPhotos(guardian, 1);
});

test('what cannot be taken is said in words, with what to do, and the chat goes on', async ({ city, guardianPhone }) => {
  const guardian = await waits(guardianPhone, city);
  const heic = Buffer.concat([Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), Buffer.alloc(400)]);
  await sends(guardian, heic);
  await expect(guardian.getByText(/HEIC.*スクリーンショット/)).toBeVisible();
  await auditedShot(guardian, 'photo-8-heic');
  await guardian.getByRole('textbox', { name: 'メッセージ' }).fill('文字は送れます');
  await guardian.getByRole('button', { name: '送る', exact: true }).click();
  await expect(guardian.getByText('文字は送れます')).toBeVisible();
});

test('a family without scripts sends a photo with its page', async ({ city, guardianPhone }) => {
  const guardian = await waits(guardianPhone, city, { javaScriptEnabled: false });
  await sends(guardian, photo(600, 400), { words: 'うで' });
  await expect(guardian.getByText('うで')).toBeVisible();
  await expect(guardian.locator('.msgs img')).toHaveCount(1);
  await sends(guardian, Buffer.from('GIF89a and more'));
  await expect(guardian.getByText(/JPEG・PNG・WebPの写真だけ/).first()).toBeVisible();
  await shot(guardian, 'photo-9-without-scripts');
});

/** Comes to the last step of an intake. */
async function comesToLastStep(guardian, city) {
  await registers(guardian, city, { shots: false });
  await guardian.getByRole('checkbox', { name: '発熱' }).check();
  await guardian.getByRole('button', { name: 'つぎへ' }).click();
  await guardian.getByRole('checkbox', { name: 'どれもない' }).check();
  await guardian.getByRole('button', { name: 'つぎへ' }).click();
  await expect(guardian.getByLabel(/いちばん心配なこと/)).toBeVisible();
}

async function expectAttached(guardian, count) {
  const photos = guardian.locator('#photos img:visible');
  await expect(photos).toHaveCount(count);
  await expect.poll(() => photos.evaluateAll((all) => all.every((one) => one.complete && one.naturalWidth > 0))).toBe(true);
}

test('photos are added to the intake as they are chosen, taken away again, and the desk sees them with it', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(120_000);
  const guardian = await guardianPhone();
  await comesToLastStep(guardian, city);
  await guardian.getByLabel(/いちばん心配なこと/).fill('背中にぶつぶつがあります');
  await expect(guardian.getByRole('button', { name: 'この写真を付ける' }), 'the script sends at once').toBeHidden();
  // The line drops for a moment: the photo goes on by itself.
  let cut = true;
  await guardian.route(/\/photos\/[0-9a-f-]+$/, (route) => (cut && route.request().method() === 'PUT' ? ((cut = false), route.abort()) : route.continue()));
  await guardian.getByLabel('付ける写真').setInputFiles(file(photo(1200, 900)));
  await expect(guardian.getByText('付けました')).toBeVisible();
  await expectAttached(guardian, 1);
  await guardian.getByLabel('付ける写真').setInputFiles(file(Buffer.from('GIF89a......'), 'IMG.gif', 'image/gif'));
  await expect(guardian.getByText(/送れるのはJPEG・PNG・WebPの写真だけです/)).toBeVisible();
  await guardian.getByLabel('付ける写真').setInputFiles(file(photo(900, 1200)));
  await expectAttached(guardian, 2);
  await expectNothingOverhangs(guardian, 'photos of an intake');
  await expectThumbSized(guardian, 'photos of an intake');
  await auditedShot(guardian, 'intake-photos');
  await guardian.getByRole('button', { name: '取り消す' }).first().click();
  await expectAttached(guardian, 1);
  await expect(guardian.getByLabel(/いちばん心配なこと/)).toHaveValue('背中にぶつぶつがあります');
  // The return key sends, and does not press what stands first.
  await guardian.getByRole('radio', { name: 'チャット' }).press('Enter');
  await expect(guardian.getByRole('heading', { name: '待合室' })).toBeVisible();
  await expectPhotos(guardian, 1);

  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  await doctor.page.getByRole('button', { name: /次の方をよぶ/ }).click();
  const card = doctor.page.getByRole('region', { name: '受付の内容' });
  await expect(card.getByRole('button', { name: '受付の写真' })).toHaveCount(1);
  await expect.poll(() => card.locator('img').evaluate((one) => one.complete && one.naturalWidth > 0)).toBe(true);
  await auditedShot(doctor.page, 'desk-intake-photos');
  await card.getByRole('button', { name: '受付の写真' }).click();
  await expect(doctor.page.getByRole('dialog', { name: '写真' })).toBeVisible();
});

test('without scripts a photo is sent with whatever is pressed, and what was typed stays', async ({ city, guardianPhone }) => {
  test.setTimeout(120_000);
  const guardian = await guardianPhone({ javaScriptEnabled: false });
  await comesToLastStep(guardian, city);
  await guardian.getByLabel(/いちばん心配なこと/).fill('背中にぶつぶつがあります');
  await guardian.getByLabel('付ける写真').setInputFiles(file(photo(300, 200)));
  await guardian.getByRole('button', { name: 'この写真を付ける' }).click();
  await expectAttached(guardian, 1);
  await expect(guardian.getByLabel(/いちばん心配なこと/)).toHaveValue('背中にぶつぶつがあります');
  await guardian.getByLabel('付ける写真').setInputFiles(file(Buffer.from('GIF89a......'), 'IMG.gif', 'image/gif'));
  await guardian.getByRole('button', { name: '相談を送る' }).click();
  await expect(guardian.getByText(/送れるのはJPEG・PNG・WebPの写真だけです/)).toBeVisible();
  await shot(guardian, 'intake-photos-fault');
  await guardian.getByLabel('付ける写真').setInputFiles(file(photo(200, 300)));
  await guardian.getByRole('button', { name: '相談を送る' }).click();
  await expect(guardian.getByRole('heading', { name: '待合室' })).toBeVisible();
  await expect(guardian.locator('.msgs img')).toHaveCount(2);
});
