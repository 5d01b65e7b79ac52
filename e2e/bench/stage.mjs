// The stage of a measurement: one browser, one server of its own, phones and desks as the journeys have them.
import { createServer } from 'node:net';
import { chromium, devices } from '@playwright/test';
import config from '../playwright.config.mjs';
import { startServer } from '../fixtures/server.mjs';
import { fillsIntake, registers, signsIn } from '../fixtures/steps.mjs';
import { UnusedCodes } from '../fixtures/totp.mjs';

/** Runs `measure` with a browser and a server, and ends both. Where calls go `through` a relay (udp, tls) there is an edge. */
export async function withBrowser(name, measure, through) {
  const server = await startServer(`bench-${name}`, { args: through ? ['--edge', String(await freePorts())] : [] });
  const { args, ...options } = config.use.launchOptions;
  // The demo's edge has a certificate of its own making.
  const browser = await chromium.launch({ ...options, args: [...args, '--ignore-certificate-errors'] });
  try {
    await measure(new Stage(browser, server, through));
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** A port that is free now, as is the one after it. */
async function freePorts() {
  const free = (port) => new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
  for (;;) {
    const port = await free(0);
    if (port < 65_535 && (await free(port + 1))) return port;
  }
}

class Stage {
  #codes = new UnusedCodes();

  constructor(browser, server, through) {
    this.through = through;
    this.browser = browser;
    this.server = server;
    this.city = server.demo.cities[0];
  }

  /** A new page in a context of its own, watched from its first script on; `direct` ones use no relay. */
  async page({ direct = false, ...options } = {}) {
    const { locale, timezoneId } = config.use;
    const context = await this.browser.newContext({ permissions: ['camera', 'microphone'], locale, timezoneId, ...options });
    await context.addInitScript(watches);
    if (this.through && !direct) await context.addInitScript(goesThrough, this.through);
    return context.newPage();
  }

  /** A phone that was never here. */
  phone(options = {}) {
    return this.page({ ...devices['Pixel 7'], baseURL: this.city.origin, ...options });
  }

  /** An open desk. */
  async desk(role) {
    const page = await this.page({ viewport: { width: 1440, height: 900 }, baseURL: this.city.origin });
    const staff = this.server.demo.staff.find((one) => one.role === role && one.city === this.city.id);
    await signsIn({ page, staff, code: () => this.#codes.next(staff.totp_secret) });
    await page.getByText('つながっています').first().waitFor();
    return page;
  }

  /** A family that is taken by the desk: its phone. */
  async taken(desk, mode) {
    const phone = await this.phone();
    await registers(phone, this.city, { shots: false });
    await fillsIntake(phone, { mode, shots: false });
    await desk.getByRole('button', { name: /次の方をよぶ/ }).click();
    await phone.getByText(/(医師|助産師)が担当します/).first().waitFor();
    return phone;
  }
}

/**
 * Runs in every page: remembers the last click over a navigation, tells when a text is in the document and when the first
 * frame of a remote camera is decoded. Times are milliseconds since 1970, the same on all pages of this machine.
 */
function watches() {
  const now = () => performance.timeOrigin + performance.now();
  const clicked = (event) => sessionStorage.setItem('clicked', performance.timeOrigin + event.timeStamp);
  addEventListener('click', clicked, true);
  window.__clicked = () => Number(sessionStorage.getItem('clicked'));

  window.__appears = (text) =>
    new Promise((resolve) => {
      const look = () => {
        if (!document.body.textContent.includes(text)) return;
        observer.disconnect();
        resolve(now());
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      look();
    });

  // A processor on a clone of the track is handed each frame once it is decoded; the page's own track is not touched.
  window.__frame = undefined;
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class RTCPeerConnection extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener('track', ({ track }) => {
        if (track.kind !== 'video') return;
        const clone = track.clone();
        const reader = new MediaStreamTrackProcessor({ track: clone }).readable.getReader();
        reader.read().then(({ value }) => {
          window.__frame ??= now();
          value?.close();
          clone.stop();
        });
      });
    }
  };
}

/** Runs in every page: connections use the relay only, over this transport only, so that a figure is of one way. */
function goesThrough(transport) {
  const ways = { udp: /^turn:.*transport=udp/, tls: /^turns:/ };
  const Native = window.RTCPeerConnection;
  const narrowed = (configuration = {}) => ({
    ...configuration,
    iceTransportPolicy: 'relay',
    iceServers: (configuration.iceServers ?? [])
      .map((server) => ({ ...server, urls: [server.urls].flat().filter((url) => ways[transport].test(url)) }))
      .filter(({ urls }) => urls.length > 0),
  });
  window.RTCPeerConnection = class RTCPeerConnection extends Native {
    constructor(configuration, ...more) {
      super(narrowed(configuration), ...more);
    }

    setConfiguration(configuration) {
      super.setConfiguration(narrowed(configuration));
    }
  };
}

/** The value below which so many of a hundred are. */
export function percentile(values, hundredths) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(((sorted.length - 1) * hundredths) / 100)];
}

/** Median and 99th percentile beside those of a floor, where there is one. */
export function beside(what, ours, floor) {
  return [50, 99].map((hundredths) => ({
    what: `${what}, p${hundredths} of ${ours.length}`,
    unit: 'ms',
    ours: percentile(ours, hundredths),
    floor: floor ? percentile(floor, hundredths) : null,
  }));
}
