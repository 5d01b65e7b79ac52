// Signing in and enrolling, in every state a member of staff can meet.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test, expect } from '../fixtures/desk.mjs';
import { seen } from '../fixtures/page.mjs';
import { signsIn } from '../fixtures/steps.mjs';
import { totp } from '../fixtures/totp.mjs';

const SOUDAN = fileURLToPath(new URL('../../target/debug/soudan', import.meta.url));

/** `soudan staff add` on the test's database: the path of the enrolment link. */
async function invites(desk, login, name, role) {
  const args = ['staff', 'add', '--city', 'hino', '--login', login, '--name', name, '--role', role];
  const env = {
    ...process.env,
    SOUDAN_DATABASE_URL: `sqlite://${join(desk.data, 'soudan.db')}`,
    SOUDAN_MASTER_KEY_FILE: join(desk.data, 'master.key'),
  };
  const { stdout } = await promisify(execFile)(SOUDAN, args, { env });
  return new URL(stdout.trim()).pathname;
}

async function tries(page, { login, password, code }) {
  await page.getByLabel('ログイン名').fill(login);
  await page.getByLabel('パスワード').fill(password);
  await page.getByLabel(/確認コード/).fill(code);
  await page.getByRole('button', { name: 'サインイン' }).click();
}

test('signing in: refused without saying what was wrong, over after a pause, over by the button', async ({ clinicianDesktop, city }) => {
  const { page, staff, code } = await clinicianDesktop('midwife');
  await page.goto('/desk');
  await expect(page).toHaveURL(/sign-in$/);
  await seen(page, 'staff-sign-in', 'サインイン');
  await tries(page, { login: staff.login, password: 'ちがうパスワード', code: '000000' });
  await expect(page.getByRole('alert')).toContainText('サインインできませんでした');
  await expect(page.getByLabel('ログイン名')).toHaveValue(staff.login);
  await expect(page.getByLabel('パスワード')).toBeFocused();
  await seen(page, 'staff-sign-in-refused', 'サインインできませんでした');

  await signsIn({ page, staff, code });
  await page.getByRole('button', { name: 'サインアウト' }).click();
  await seen(page, 'staff-signed-out', 'サインアウトしました。');

  await page.context().addCookies([{ name: 'soudan-staff', value: 'a'.repeat(43), url: city.origin }]);
  await page.goto('/desk');
  await seen(page, 'staff-session-over', 'もう一度サインインしてください');

  for (let more = 0; more < 60; more += 1) {
    await page.request.post('/staff/sign-in', { form: { login: 'x' }, headers: { origin: city.origin } });
  }
  await tries(page, { login: staff.login, password: staff.password, code: '000000' });
  await seen(page, 'staff-sign-in-too-many', 'サインインの試みが多すぎます');
});

test('enrolling: the authenticator, a wrong code, a short password, done, and a spent link', async ({ clinicianDesktop, desk }) => {
  const { page } = await clinicianDesktop('midwife');
  const link = await invites(desk, 'ito', '伊藤', 'midwife');
  await page.goto(link);
  await seen(page, 'staff-enrol', '認証アプリに追加する');
  const secret = (await page.locator('.secret').innerText()).replace(/\s/g, '');
  const enrols = async (code, password, again = password) => {
    await page.getByLabel(/確認コード/).fill(code);
    await page.getByLabel('パスワード', { exact: true }).fill(password);
    await page.getByLabel('パスワード（もう一度）').fill(again);
    await page.getByRole('button', { name: '登録してサインイン' }).click();
  };
  const long = 'ながいながいパスワードです';
  await enrols(totp(secret), long, `${long}x`);
  await expect(page.getByRole('alert')).toBeVisible();
  await seen(page, 'staff-enrol-passwords-differ', '職員の登録');
  await enrols('000000', long);
  await expect(page.getByRole('alert')).toBeVisible();
  await seen(page, 'staff-enrol-wrong-code', '職員の登録');
  await enrols(totp(secret), long);
  await expect(page.getByRole('heading', { name: '相談デスク' })).toBeVisible();
  await expect(page.getByText('伊藤 助産師').first()).toBeVisible();
  await page.goto(link);
  await seen(page, 'staff-enrol-spent', 'この登録リンクは使えません');
});
