// The demonstration as a running site, with the mail that it sends.

import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';

const BIOVITY = process.env.BIOVITY ?? 'target/debug/biovity';
/** Longest wait for a site to start and for a mail to arrive. */
const PATIENCE = 60_000;

/** Starts the demonstration on a free port, in a folder of its own. */
export async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'biovity-proof-'));
  // The database server of an administrator runs as somebody else, who has to enter.
  chmodSync(folder, 0o711);
  const port = await freePort();
  const env = {
    HOME: process.env.HOME, PATH: process.env.PATH, LOG_LEVEL: 'warn',
    DATA_DIR: folder, LISTEN: `127.0.0.1:${port}`, RATE_LIMITS: 'off', WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
    // Nobody answers there: its link and its page can be seen all the same.
    OIDC_NAME: 'UBio', OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'biovity', OIDC_CLIENT_SECRET: 'unused',
  };
  const demo = spawnSync(BIOVITY, ['demo'], { env, encoding: 'utf8' });
  if (demo.status !== 0) throw new Error(`biovity demo failed: ${demo.stdout}${demo.stderr}`);
  const server = spawn(BIOVITY, ['serve'], { env, stdio: 'ignore' });
  process.once('exit', () => server.kill('SIGTERM'));
  const site = {
    origin: `http://localhost:${port}`,
    password: /^password: (.*)$/m.exec(demo.stdout)[1],
    mailbox: join(folder, 'mailbox'),
    async stop() {
      const stopped = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await stopped;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await until(async () => (await fetch(`${site.origin}/readyz`)).ok, 'the site is not ready');
  return site;
}

/** The mails for an address, oldest first, when there are so many. */
export async function mails(site, address, count = 1) {
  let found = [];
  await until(async () => {
    found = (await everyMail(site)).filter((mail) => mail.to[0].address === address);
    return found.length >= count;
  }, `no ${count} mails for ${address}`);
  return found;
}

/** All that was sent, oldest first. */
export async function everyMail(site) {
  const files = readdirSync(site.mailbox).filter((name) => name.endsWith('.eml')).sort();
  return Promise.all(files.map((name) => PostalMime.parse(readFileSync(join(site.mailbox, name)))));
}

/** The links of a mail to this path. */
export function linkTo(mail, path) {
  return links(mail).find((link) => new URL(link).pathname === path);
}

/** Every link of a mail's text. */
export function links(mail) {
  return mail.text.match(/https?:\/\/[^\s>)]+/g) ?? [];
}

export async function until(isSo, otherwise) {
  const end = Date.now() + PATIENCE;
  while (!(await isSo().catch(() => false))) {
    if (Date.now() > end) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
