// The city's server in its own network: `soudan serve` and `soudan edge`, as README.md sets them up, with a supervisor that
// starts them again as systemd would.
import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';
import { CITY, HOST, PUBLIC } from './net.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOUDAN = process.env.SOUDAN ?? join(ROOT, 'target/debug/soudan');
const START_MS = 30_000;
/** What each program says once it serves. */
const UP = { serve: 'serving', edge: 'the edge is up' };

/** What the configuration says about addresses. */
const HIDING = {
  nobody: 'hide_addresses = false',
  clinicians: '',
  all: 'hide_guardian_addresses = true',
};

/** A city that runs: `passphrase` for families, `enrolment` for a pediatrician. */
export class City {
  #running = {};

  constructor(place, data, log) {
    Object.assign(this, { place, data, log, passphrase: 'さくら', origin: `https://${HOST}` });
  }

  static async founded(place, name, { hiding = 'clinicians' } = {}) {
    const data = await mkdtemp(join(tmpdir(), 'soudan-faults-'));
    await mkdir(join(ROOT, 'e2e/results'), { recursive: true });
    const city = new City(place, data, join(ROOT, `e2e/results/${name}.log`));
    try {
      await city.#found(hiding);
      await city.starts('serve');
      await city.starts('edge');
    } catch (error) {
      await city.remove();
      throw error;
    }
    return city;
  }

  async #found(hiding) {
    const at = (file) => join(this.data, file);
    const secret = (file) => writeFile(at(file), randomBytes(32).toString('hex'), { mode: 0o600 });
    await Promise.all([secret('master.key'), secret('turn.secret')]);
    const names = `subjectAltName=DNS:${HOST},IP:${PUBLIC}`;
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', at('key.pem')];
    const certificate = ['-x509', '-days', '2', '-subj', `/CN=${HOST}`, '-addext', names, '-out', at('certificate.pem')];
    execFileSync('openssl', ['req', ...key, ...certificate], { stdio: 'ignore' });
    const configuration = `
      listen = "127.0.0.1:8080"
      database_url = "sqlite://${at('soudan.db')}"
      master_key_file = "${at('master.key')}"
      web_dir = "${join(ROOT, 'dist')}"
      [tls]
      certificate_file = "${at('certificate.pem')}"
      key_file = "${at('key.pem')}"
      [edge]
      listen = "${CITY}:443"
      serve = "127.0.0.1:8081"
      [turn]
      listen = "${CITY}:3478"
      public_addresses = ["${PUBLIC}"]
      secret_file = "${at('turn.secret')}"
      [calls]
      ${HIDING[hiding]}`;
    await writeFile(at('soudan.toml'), configuration);
    this.#told('city', 'add', '--city', 'hino', '--name', '日野市', '--service-name', 'ひの子育て相談', '--host', HOST, '--hours', 'daily 00:00-24:00');
    this.#told('city', 'passphrase', '--city', 'hino', '--words', this.passphrase);
    const account = ['--city', 'hino', '--login', 'sato', '--name', '佐藤', '--role', 'pediatrician'];
    this.enrolment = this.#told('staff', 'add', ...account).trim();
  }

  #told(...words) {
    const config = ['--config', join(this.data, 'soudan.toml')];
    return execFileSync(SOUDAN, [...words, ...config], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Starts `serve` or `edge`; it serves when this resolves. */
  async starts(program) {
    const output = createWriteStream(this.log, { flags: 'a' });
    const child = this.place.starts(SOUDAN, [program, '--config', join(this.data, 'soudan.toml')], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running[program] = child;
    let said = '';
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`soudan ${program} does not serve; see ${this.log}`)), START_MS);
      const done = (end) => (value) => {
        clearTimeout(late);
        end(value);
      };
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (text) => {
          output.write(text);
          said = (said + text).slice(-4096);
          if (said.includes(UP[program])) done(resolve)();
        });
      }
      child.once('exit', (code) => done(reject)(new Error(`soudan ${program} ended (${code}); see ${this.log}`)));
    });
  }

  /** `kill -9`. */
  async kills(program) {
    const child = this.#running[program];
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async remove() {
    for (const child of Object.values(this.#running)) child.kill('SIGKILL');
    await rm(this.data, { recursive: true, force: true });
  }
}
