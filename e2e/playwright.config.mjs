// Debian's Chromium with a fake camera and microphone. No retries: a test that fails now and then is a bug to find.
import { defineConfig } from '@playwright/test';

/** What codes sound and pictures, or takes networks apart: one at a time on two cores. Everything else may share them. */
const CALLS = [
  /faults\/.*\.spec\.mjs$/,
  /journeys\/(call|check|faults|firefox|harness|people|phones|relay|steady|three-at-once|whole-way|desk-states).*\.spec\.mjs$/,
];

export default defineConfig({
  testDir: '.',
  testMatch: /(journeys|faults)\/.*\.spec\.mjs$/,
  projects: [
    { name: 'pages', testIgnore: CALLS },
    { name: 'calls', testMatch: CALLS },
  ],
  globalSetup: './faults/table.mjs',
  outputDir: 'results/artifacts',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: {
    // A button that is not there is said so soon, not when the test's time is over.
    actionTimeout: 20_000,
    browserName: 'chromium',
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    ignoreHTTPSErrors: true,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
