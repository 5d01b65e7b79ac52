// What every run shows: behind a firewall that lets only TCP 443 out a call works, and it does not notice the desk's restart.
import { longestSilence, since } from './flow.mjs';
import { figure } from './figures.mjs';
import { expect, test } from './stage.mjs';

test('where only TCP 443 is open on both sides a call goes over TURN/TLS, and goes on while `serve` is killed and started again', async ({ stage }) => {
  test.setTimeout(120_000);
  stage.net.home.opensOnly443();
  stage.net.hospital.opensOnly443();
  await stage.opens();
  await stage.calls();
  for (const page of stage.pages) expect((await since(page, Date.now())).path).toBe('relay/tls');

  const from = Date.now();
  await stage.city.kills('serve');
  await stage.city.starts('serve');
  await expect(stage.doctor.getByText('つながっています').first()).toBeVisible({ timeout: 20_000 });
  const silence = await longestSilence(stage.pages, from);
  figure('(f) serve killed and started, relay/TLS, one round', 'ms', [silence], 'no gap');
  expect(silence).toBeLessThan(1_000);
  expect((await since(stage.guardian, from)).rung).toBe(0);
});
