// The mails that the people of people.mjs cause, in both languages, before a filter of spam: rspamd, which asks nobody about
// them. They are judged as if they came from a site with a name; what depends on the relay that sends them (its name, SPF, DKIM)
// is the operator's, and left out.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { everybody, live, open } from './people.mjs';
import { freePort, start, until } from './site.mjs';

/** What a mail may score at most; rspamd marks as spam from 6. */
const MOST = 1;
/** So many kinds there are at least, in two languages. */
const KINDS = 20;
/** Every filter of spam knows this line: one that does not has no rules. */
const GTUBE = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X';
const OF_THE_RELAY = /^(HFILTER_|AUTH_NA)/;

const folder = mkdtempSync(join(tmpdir(), 'biovity-rspamd-'));
const port = await freePort();
// A name server at which nobody answers: no list of anybody is asked.
writeFileSync(join(folder, 'rspamd.conf'), `
.include "/etc/rspamd/common.conf"
fuzzy_check = null;
rbl { enabled = false; }
options {
  .include "/etc/rspamd/options.inc"
  filters = "chartable,regexp";
  pidfile = "${folder}/pid";
  hs_cache_dir = "${folder}";
  dns { nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 1; }
}
logging { type = "console"; level = "error"; }
worker "normal" { bind_socket = "127.0.0.1:${port}"; count = 1; }
`);
const filter = spawn('rspamd', ['--no-fork', '--insecure', '--config', join(folder, 'rspamd.conf')], { stdio: 'ignore' });
process.once('exit', () => filter.kill('SIGTERM'));

const site = await start();
const browser = await open();
let findings = 0;
const kinds = new Map();
try {
  for (const language of ['en', 'es']) await live(browser, site, language, await everybody(browser, site, language));
  for (const name of readdirSync(site.mailbox).filter((name) => name.endsWith('.eml')).sort()) {
    const source = readFileSync(join(site.mailbox, name), 'utf8');
    kinds.set((await PostalMime.parse(source)).subject, source);
  }
  const address = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${address}/ping`)).ok, 'rspamd does not answer');
  const judge = async (body) => (await fetch(`${address}/checkv2`, { method: 'POST', body })).json();
  if (kinds.size < KINDS) throw new Error(`only ${kinds.size} kinds of mails`);
  if ((await judge(`Subject: test\r\n\r\n${GTUBE}\r\n`)).action !== 'reject') throw new Error('rspamd takes what it has to reject');
  let worst = 0;
  for (const [subject, source] of kinds) {
    const { symbols } = await judge(named(source));
    const counted = Object.values(symbols).filter((it) => it.score !== 0 && !OF_THE_RELAY.test(it.name));
    const score = counted.reduce((sum, it) => sum + it.score, 0);
    worst = Math.max(worst, score);
    if (score <= MOST) continue;
    findings += 1;
    console.log(`rspamd: “${subject}” scores ${score.toFixed(2)}: ${counted.map((it) => `${it.name} ${it.score}`).join(', ')}`);
  }
  console.log(`${kinds.size} mails, of which the worst scores ${worst.toFixed(2)}: ${findings} of more than ${MOST}`);
} finally {
  await browser.close();
  await site.stop();
  filter.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = findings === 0 ? 0 : 1;

/** The mail as a site with a name would send it. The lines of its parts are joined first, since they may end inside an address. */
function named(source) {
  const parts = source.search(/\r?\n\r?\n/);
  const joined = source.slice(0, parts) + source.slice(parts).replace(/=\r?\n/g, '');
  return joined.replaceAll(site.origin, 'https://www.biovity.cl').replaceAll('@localhost', '@biovity.cl');
}
