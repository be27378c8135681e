// Every public form, filled in and sent in w3m and in lynx, by the keys that a person presses, and what came of it.

import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { PASSWORD, Person, open } from './people.mjs';
import { linkTo, mails, start } from './site.mjs';

/** What one comes to by the tab key, in the order of the page. */
const STOPS = 'a[href], input:not([type="hidden"]), select, textarea, button';

/** How each is started, typed into and read; and what it stops at. */
const BROWSERS = {
  w3m: {
    stops: STOPS,
    command: (link) => `w3m -cookie '${link}'`,
    enter: (text) => ['\r', text, '\r'],
    dump: (link) => ['w3m', ['-dump', link]],
  },
  lynx: {
    // It shows the page's other languages as links.
    stops: `link[rel="alternate"], ${STOPS}`,
    command: (link) => `lynx -accept_all_cookies -nomore '${link}'`,
    enter: (text) => [text],
    dump: (link) => ['lynx', ['-dump', '-nolist', link]],
  },
};
/** Between two keys, and after the last: a page has to come. */
const PAUSE = 60;
const ANSWER = 2_500;
const KNOWN = 'camila.rojas@example.cl';

const site = await start();
const browser = await open();
let [sent, failed] = [0, 0];
try {
  for (const name of Object.keys(BROWSERS)) await forms(name);
} finally {
  await browser.close();
  await site.stop();
}
console.log(`${sent} forms sent in w3m and lynx, ${failed} in vain`);
process.exitCode = failed === 0 ? 0 : 1;

async function forms(name) {
  const address = (of) => `${of}.${name}@example.cl`;
  const mailed = (of, count = 1) => async () => mails(site, address(of), count);
  const used = (link) => async () => {
    const { status } = await fetch(link);
    if (status !== 410) throw new Error(`its link answers ${status} afterwards`);
  };
  const person = { name: 'Elisa Araya', profession: 'Bioquímica', password: PASSWORD };
  await send(name, '/', { role: 'employee', email: address('home') }, mailed('home'));
  await send(name, '/waitlist', { role: 'organization', email: address('join') }, mailed('join'));
  await send(name, '/signup/employee', { ...person, email: address('employee') }, mailed('employee'));
  await send(name, '/signup/organization', { ...person, email: address('company') }, mailed('company'));
  await send(name, '/verify-email/resend', { email: address('company') }, mailed('company', 2));

  const [asked] = await mails(site, address('join'));
  const confirm = linkTo(asked, '/waitlist/confirm');
  await send(name, confirm, {}, used(confirm));
  const place = linkTo(asked, '/waitlist/place');
  await send(name, place, { role: 'employee' }, async () => {
    const { role } = await (await fetch(place.replace('/place', '/place.json'))).json();
    if (role !== 'employee') throw new Error(`its role is ${role}`);
  });
  const verify = linkTo((await mails(site, address('employee')))[0], '/verify-email');
  await send(name, verify, { password: PASSWORD }, used(verify));
  await send(name, '/password/forgot', { email: address('employee') }, mailed('employee', 2));
  const reset = linkTo((await mails(site, address('employee'), 2)).at(-1), '/password/reset');
  await send(name, reset, { password: `${PASSWORD}, o el mar` }, used(reset));
  const before = await sessions();
  await send(name, '/login', { email: KNOWN, password: site.password }, async () => {
    const now = await sessions();
    if (now !== before + 2) throw new Error(`it has ${now - before - 1} more sessions`);
  });
}

/** Fills in and sends the form that has these fields; the button alone where there are none. */
async function send(name, path, fields, came) {
  const link = new URL(path, site.origin).href;
  const { command, dump } = BROWSERS[name];
  const { keys, label } = await presses(link, fields, BROWSERS[name]);
  const [program, args] = dump(link);
  const read = spawnSync(program, args, { encoding: 'utf8' }).stdout;
  sent += 1;
  if (!read.includes(label)) fails(`${name} ${path} does not show “${label}”`);
  // A terminal of its own.
  const terminal = spawn('script', ['-qfc', command(link), '/dev/null'], {
    env: { ...process.env, TERM: 'vt100', LANG: 'C.UTF-8', LINES: '50', COLUMNS: '100' }, stdio: ['pipe', 'ignore', 'ignore'], detached: true,
  });
  await wait(ANSWER);
  for (const key of keys) {
    terminal.stdin.write(key);
    await wait(PAUSE);
  }
  await wait(ANSWER);
  process.kill(-terminal.pid);
  await came().catch((error) => fails(`${name} ${path}: ${error.message}`));
}

function fails(how) {
  failed += 1;
  console.log(how);
}

/** The keys that fill in and send a form, and the label of its button. */
async function presses(link, fields, { stops: selector, enter }) {
  const visitor = await Person.in(browser, site, 'en');
  await visitor.go(link);
  const [stops, label] = await visitor.page.evaluate((selector, names) => {
    const all = [...document.querySelectorAll(selector)];
    const form = names.length ? document.querySelector(`main form:has([name="${names.at(-1)}"])`) : document.querySelector('main form');
    const button = form.querySelector('button:not([name])');
    return [all.map((it) => it === button ? { sends: true } : form.contains(it) ? { name: it.name, value: it.value, type: it.type } : {}), button.innerText.trim()];
  }, selector, Object.keys(fields));
  await visitor.close();
  const keys = [];
  for (const stop of stops) {
    if (stop.sends) return { keys: [...keys, '\r'], label };
    if (stop.type === 'radio' && fields[stop.name] === stop.value) keys.push('\r');
    else if (stop.type !== 'radio' && stop.name in fields) keys.push(...enter(fields[stop.name]));
    keys.push('\t');
  }
  throw new Error(`no button at ${link}`);
}

/** How many sessions the known account has, with the one that asks. */
async function sessions() {
  const visitor = await Person.in(browser, site, 'en');
  await visitor.logIn(KNOWN, site.password);
  await visitor.go('/account/sessions');
  const count = await visitor.page.$$eval('main form[action$="/end"]', (all) => all.length);
  await visitor.close();
  return count;
}
