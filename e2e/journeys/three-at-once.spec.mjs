// One doctor, three families: a call in one consultation, chats in two others, and nothing gets into the wrong one.
import { test, expect } from '../fixtures/desk.mjs';
import { expectDecodedFrames } from '../fixtures/media.mjs';
import { auditedShot } from '../fixtures/page.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';

async function waits(guardianPhone, city, worry) {
  const page = await guardianPhone();
  await registers(page, city, { shots: false });
  await fillsIntake(page, { worry, shots: false });
  await expect(page.locator('#connection')).toContainText('つながっています');
  return page;
}

async function says(page, text) {
  await page.getByRole('textbox', { name: 'メッセージ' }).fill(text);
  await page.getByRole('button', { name: '送る', exact: true }).click();
}

test('a call and two chats at once: each has its unread, its drafts and its words', async ({ city, guardianPhone, clinicianDesktop }) => {
  test.setTimeout(180_000);
  const doctor = await clinicianDesktop('pediatrician');
  await signsIn(doctor);
  const desk = doctor.page;
  const names = ['いちご', 'にんじん', 'さんま'];
  const families = [];
  for (const name of names) families.push(await waits(guardianPhone, city, `${name}の心配`));
  const [calls, second, third] = families;
  const tab = (n) => desk.getByRole('tab').nth(n);
  for (let n = 0; n < 3; n += 1) {
    await desk.getByRole('button', { name: /次の方をよぶ/ }).click();
    await expect(desk.getByRole('tab')).toHaveCount(n + 1);
  }

  await tab(0).click();
  const panel = desk.getByRole('tabpanel').filter({ visible: true });
  await expect(panel.first()).toContainText('いちごの心配');
  await desk.getByRole('button', { name: 'ビデオで話す' }).filter({ visible: true }).click();
  await calls.getByRole('button', { name: '出る', exact: true }).click();
  await expectDecodedFrames(desk);
  await expectDecodedFrames(calls);

  // Typed into one, left there, typed into the next.
  const field = desk.getByRole('textbox', { name: 'メッセージ' }).filter({ visible: true });
  const advice = desk.getByRole('textbox', { name: /助言の内容/ }).filter({ visible: true });
  for (let n = 0; n < 3; n += 1) {
    await tab(n).click();
    await expect(field).toHaveValue('');
    await expect(advice).toHaveValue('');
    await field.fill(`${names[n]}への書きかけ`);
    await advice.fill(`${names[n]}への助言`);
  }
  await tab(0).click();
  await says(second, 'にんじんの返事その1');
  await says(second, 'にんじんの返事その2');
  await says(third, 'さんまの返事');
  await expect(tab(1)).toContainText('2件の未読');
  await expect(tab(2)).toContainText('1件の未読');
  await expect(tab(0)).not.toContainText('未読');
  await auditedShot(desk, 'desk-three-at-once');
  await expectDecodedFrames(desk);

  for (let n = 0; n < 3; n += 1) {
    await tab(n).click();
    await expect(tab(n)).not.toContainText('未読');
    await expect(field).toHaveValue(`${names[n]}への書きかけ`);
    await expect(advice).toHaveValue(`${names[n]}への助言`);
    await field.fill(`${names[n]}さん、こんばんは`);
    await field.press('Control+Enter');
    await expect(field).toHaveValue('');
    await expect(panel.getByText(`${names[n]}さん、こんばんは`).first()).toBeVisible();
    for (const other of names.filter((_, at) => at !== n)) await expect(panel.first()).not.toContainText(other);
  }
  await calls.getByRole('button', { name: 'チャット' }).click();
  for (let n = 0; n < 3; n += 1) {
    await expect(families[n].getByText(`${names[n]}さん、こんばんは`)).toBeVisible();
    const read = await families[n].locator('body').innerText();
    for (const other of names.filter((_, at) => at !== n)) expect(read).not.toContain(other);
    expect(read, 'no record before it is signed').not.toContain('への助言');
  }

  // One is closed while the call of another goes on.
  await tab(1).click();
  await desk.getByRole('radio', { name: '助言のみ' }).filter({ visible: true }).check();
  await desk.getByRole('button', { name: '確定して終える' }).filter({ visible: true }).click();
  await expect(second.getByText('にんじんへの助言')).toBeVisible();
  await expectDecodedFrames(calls);
  await expectDecodedFrames(desk);
  await tab(2).click();
  await expect(advice).toHaveValue('さんまへの助言');
});
