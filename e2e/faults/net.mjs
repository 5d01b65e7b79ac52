// Networks made for a test and gone after it: places (network namespaces), wires between them (veth pairs on a bridge), and
// routers that translate addresses and misbehave when they are told to. Nothing outside of the namespaces is touched.
//
//   family ── home ─────┐                     home, carrier, hospital: NAT        a family, a clinician, the city's server
//         └── carrier ──┤ internet ── centre ── city
//   desk ── hospital ───┘                     centre: a 1:1 NAT, so that the relay does not know its public address
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What the city answers to, and under which address the world sees it. */
export const HOST = 'desk.test';
export const PUBLIC = '133.5.3.1';
export const CITY = '10.3.0.2';

const PREFIX = 'soudan';
const HOSTS = '/etc/netns';
const DELAY = fileURLToPath(new URL('./delay.mjs', import.meta.url));

function run(command, args, input) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')}: ${error.stderr?.trim() || error.message}`);
  }
}

/** A network namespace: a computer of its own as far as networks go. */
class Place {
  constructor(net, name) {
    this.net = net;
    this.name = name;
    this.space = `${PREFIX}-${process.pid}-${name}`;
    run('ip', ['netns', 'add', this.space]);
    net.places.push(this);
    this.ip('link', 'set', 'dev', 'lo', 'up');
    this.runs('sysctl', ['-qw', 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1']);
    mkdirSync(`${HOSTS}/${this.space}`, { recursive: true });
    writeFileSync(`${HOSTS}/${this.space}/hosts`, `127.0.0.1 localhost\n${PUBLIC} ${HOST}\n`);
    writeFileSync(`${HOSTS}/${this.space}/resolv.conf`, '');
  }

  ip(...args) {
    return run('ip', ['-n', this.space, ...args]);
  }

  runs(command, args = [], input = undefined) {
    return run('ip', ['netns', 'exec', this.space, command, ...args], input);
  }

  /** Starts a program that ends with the networks. */
  starts(command, args, options = {}) {
    const child = spawn('ip', ['netns', 'exec', this.space, command, ...args], options);
    this.net.children.add(child);
    child.once('exit', () => this.net.children.delete(child));
    return child;
  }

  /** A wire to another place; each end has its own name and address. */
  wire(end, address, other, otherEnd, otherAddress) {
    this.ip('link', 'add', 'name', end, 'type', 'veth', 'peer', 'name', otherEnd, 'netns', other.space);
    for (const [place, name, at] of [[this, end, address], [other, otherEnd, otherAddress]]) {
      if (at) place.ip('addr', 'add', at, 'dev', name);
      place.ip('link', 'set', 'dev', name, 'up');
    }
  }

  /** Everything goes out this way from now on; the other ways are switched off, as a telephone leaving its Wi-Fi does. */
  usesOnly(end, gateway) {
    for (const { ifname } of JSON.parse(this.ip('-j', 'link'))) {
      if (ifname !== 'lo' && ifname !== end) this.ip('link', 'set', 'dev', ifname, 'down');
    }
    this.ip('link', 'set', 'dev', end, 'up');
    this.ip('route', 'replace', 'default', 'via', gateway);
  }
}

/** A place between two wires, `inside` and `outside`, that translates addresses and can be told to be bad. */
class Router extends Place {
  #rules = [];
  #delay;

  constructor(net, name, inside, outside) {
    super(net, name);
    this.inside = inside;
    this.runs('sysctl', ['-qw', 'net.ipv4.ip_forward=1']);
    net.internet.wire(name, undefined, this, 'outside', `${outside}/16`);
    net.internet.ip('link', 'set', 'dev', name, 'master', 'bridge');
  }

  /** Whoever is behind it shares its address. What nobody asked for is dropped, as home routers do: answered or remembered, it
   *  would take the port that a call is about to use. */
  masks() {
    this.nft(`table ip nat {
      chain out {\ntype nat hook postrouting priority 100\noifname "outside" masquerade\n}
      chain uninvited {\ntype filter hook input priority 0\niifname "outside" ct state new drop\n}
    }`);
  }

  /** One computer behind it has an outer address of its own, and every port of it. */
  stands_for(inner, outer) {
    this.nft(`table ip nat {
      chain in {\ntype nat hook prerouting priority -100\nip daddr ${outer} dnat to ${inner}\n}
      chain out {\ntype nat hook postrouting priority 100\nip saddr ${inner} oifname "outside" snat to ${outer}\n}
    }`);
  }

  nft(script) {
    this.runs('nft', ['-f', '-'], script);
  }

  /** The newest rule is asked first. */
  #obeys(rule) {
    this.#rules.unshift(rule);
    const rules = this.#rules.join('\n');
    this.nft(`table ip faults\ndelete table ip faults\ntable ip faults {\nchain way {\ntype filter hook forward priority 0\n${rules}\n}\n}`);
  }

  /** A hospital's firewall: TCP 443 and nothing else. */
  opensOnly443() {
    this.#obeys('tcp dport 443 accept\ntcp sport 443 accept\ndrop');
  }

  /** UDP does not pass any more. */
  blocksUdp() {
    this.#obeys('meta l4proto udp drop');
  }

  /** So many of a hundred packets are lost, both ways. */
  loses(percent) {
    this.#obeys(`numgen random mod 100 < ${percent} drop`);
  }

  /** Nothing passes: a tunnel. */
  cuts() {
    this.#obeys('drop');
  }

  /** No more than this, each way. */
  narrows(rate) {
    for (const end of ['inside', 'outside']) {
      this.runs('tc', ['qdisc', 'replace', 'dev', end, 'root', 'tbf', 'rate', rate, 'burst', '16kb', 'latency', '400ms']);
    }
  }

  /** What goes by UDP to the relay, and comes back, takes so much longer each way. This kernel delays nothing by itself, so a
   *  program does. Before the call: what flows already keeps its way. */
  async delays(milliseconds) {
    const child = this.starts(process.execPath, [DELAY, PUBLIC, '3478', String(milliseconds)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve);
      child.once('exit', (code) => reject(new Error(`the delay has ended (${code})`)));
    });
    this.#delay = child;
    const rule = `iifname "inside" ip daddr ${PUBLIC} udp dport 3478 dnat to ${this.inside}:3478`;
    this.nft(`table ip slow {\nchain in {\ntype nat hook prerouting priority -110\n${rule}\n}\n}`);
  }

  /** All is well again. */
  heals() {
    this.#rules = [];
    this.nft('table ip faults\ndelete table ip faults\ntable ip slow\ndelete table ip slow');
    for (const end of ['inside', 'outside']) {
      if (this.runs('tc', ['qdisc', 'show', 'dev', end]).includes('tbf')) this.runs('tc', ['qdisc', 'del', 'dev', end, 'root']);
    }
    this.#delay?.kill('SIGKILL');
    this.#delay = undefined;
  }
}

/** All places of a test. `remove` ends the programs in them and takes everything away. */
export class Net {
  children = new Set();
  places = [];

  constructor() {
    try {
      removeLeftovers();
      this.internet = new Place(this, 'internet');
    } catch (error) {
      throw new Error(`these tests make network namespaces, which needs root (CAP_SYS_ADMIN, CAP_NET_ADMIN), iproute2 and nftables. ${error.message}`);
    }
    try {
      this.#build();
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  #build() {
    this.internet.ip('link', 'add', 'name', 'bridge', 'type', 'bridge');
    this.internet.ip('link', 'set', 'dev', 'bridge', 'up');
    const router = (name, inside, outside) => new Router(this, name, inside, outside);
    this.home = router('home', '192.168.1.1', '133.5.1.1');
    this.hospital = router('hospital', '10.2.0.1', '133.5.2.1');
    this.centre = router('centre', '10.3.0.1', PUBLIC);
    this.carrier = router('carrier', '100.64.0.1', '133.5.4.1');

    this.family = new Place(this, 'family');
    this.family.wire('wifi', '192.168.1.2/24', this.home, 'inside', '192.168.1.1/24');
    this.family.wire('mobile', '100.64.0.2/24', this.carrier, 'inside', '100.64.0.1/24');
    this.desk = new Place(this, 'desk');
    this.desk.wire('lan', '10.2.0.2/24', this.hospital, 'inside', '10.2.0.1/24');
    this.city = new Place(this, 'city');
    this.city.wire('lan', `${CITY}/24`, this.centre, 'inside', '10.3.0.1/24');

    for (const masking of [this.home, this.hospital, this.carrier]) masking.masks();
    this.centre.stands_for(CITY, PUBLIC);
    this.family.usesOnly('wifi', '192.168.1.1');
    this.desk.usesOnly('lan', '10.2.0.1');
    this.city.usesOnly('lan', '10.3.0.1');
  }

  /** Every line is good, and the family is on its Wi-Fi. */
  heals() {
    for (const router of [this.home, this.hospital, this.carrier]) router.heals();
    this.family.usesOnly('wifi', '192.168.1.1');
  }

  remove() {
    for (const child of this.children) child.kill('SIGKILL');
    for (const { space } of this.places) removeSpace(space);
    this.places = [];
  }
}

function removeSpace(space) {
  for (const pid of run('ip', ['netns', 'pids', space]).split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  run('ip', ['netns', 'del', space]);
  rmSync(`${HOSTS}/${space}`, { recursive: true, force: true });
  if (existsSync(HOSTS) && readdirSync(HOSTS).length === 0) rmdirSync(HOSTS);
}

/** A run that was killed could not clean up behind itself: what belongs to a process that is no more is removed. */
function removeLeftovers() {
  const spaces = JSON.parse(run('ip', ['-j', 'netns', 'list']) || '[]').map(({ name }) => name);
  for (const space of spaces) {
    const owner = new RegExp(`^${PREFIX}-(\\d+)-`).exec(space)?.[1];
    if (owner && !existsSync(`/proc/${owner}`)) removeSpace(space);
  }
}
