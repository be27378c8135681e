// People with browsers of their own, and all that they leave behind, so that every address has something to show.

import { createHmac } from 'node:crypto';
import puppeteer from 'puppeteer-core';
import { linkTo, mails } from './site.mjs';

/** A password that the site takes. */
export const PASSWORD = 'quillay sobre el volcán 7';

const ADMIN = 'admin@example.cl';
const KNOWN = { employee: 'camila.rojas@example.cl', organization: 'personas@andesgenomica.example.cl', admin: ADMIN };

export function open() {
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--force-color-profile=srgb'],
  });
}

/** Shows a page in a colour scheme, at once: nothing is looked at while it changes its colour. */
export function see(page, scheme) {
  return page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme }, { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
}

/** Somebody with cookies of their own, reading in this language. */
export class Person {
  static async in(browser, site, language) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setBypassCSP(true);
    await page.setExtraHTTPHeaders({ 'accept-language': language });
    return Object.assign(new Person(), { site, page, context });
  }

  /** Opens a path or a link, and returns the answer; gives the password once more where the page asks for it. */
  async go(path) {
    const answer = await this.page.goto(new URL(path, this.site.origin).href);
    const isAsked = this.password && new URL(this.page.url()).pathname === '/reauth' && !path.includes('/reauth');
    return isAsked ? this.send({ password: this.password }) : answer;
  }

  /** Fills in the form that has these fields, sends it, and returns the answer. */
  async send(fields, button) {
    for (const [name, value] of Object.entries(fields)) {
      const field = await this.page.$(`main [name="${name}"][value="${value}"]`) ?? (await this.page.$(`main [name="${name}"]`));
      if (!field) throw new Error(`no field ${name} at ${this.page.url()}`);
      const type = await field.evaluate((it) => it.type);
      if (type === 'radio' || type === 'checkbox') await field.evaluate((it) => { it.checked = true; });
      else if (type === 'file') await field.uploadFile(value);
      else await field.evaluate((it, typed) => { it.value = typed; }, value);
    }
    const last = Object.keys(fields).at(-1);
    return this.press(button ?? `main form:has([name="${last}"]) button:not([name])`);
  }

  /** Presses a button, and returns the answer. */
  async press(button) {
    const answered = this.page.waitForNavigation();
    await this.page.$eval(button, (it) => it.form ? it.form.requestSubmit(it) : it.click());
    return answered;
  }

  async logIn(email, password) {
    await this.go('/login');
    this.password = password;
    return this.send({ email, password });
  }

  close() {
    return this.context.close();
  }
}

/** Somebody of each kind whom the demonstration knows, signed in. */
export async function everybody(browser, site, language) {
  const guest = await Person.in(browser, site, language);
  const people = { guest };
  for (const [role, email] of Object.entries(KNOWN)) {
    people[role] = await Person.in(browser, site, language);
    await people[role].logIn(email, site.password);
  }
  return people;
}

/** Does what sends each kind of mail in this language; returns addresses that only such a mail has, and who may open them. */
export async function live(browser, site, language, people) {
  const found = [];
  const address = (name) => `${name}.${language}@example.cl`;
  const add = (role, link) => found.push({ role, link });
  const someone = () => Person.in(browser, site, language);

  const joins = async (name) => {
    const visitor = await someone();
    await visitor.go('/waitlist');
    await visitor.send({ role: 'employee', email: address(name) });
    const [mail] = await mails(site, address(name));
    return { visitor, mail };
  };
  const asked = await joins('asked');
  add('guest', linkTo(asked.mail, '/waitlist/confirm'));
  const placed = await joins('placed');
  await placed.visitor.go(linkTo(placed.mail, '/waitlist/confirm'));
  await placed.visitor.press('main form button');
  add('guest', placed.visitor.page.url());
  const invitation = await inviteFromList(people.admin, site, address('placed'));
  add('guest', linkTo(invitation, '/signup/invited'));
  const unsubscribe = invitation.headers.find((header) => header.key === 'list-unsubscribe');
  add('guest', unsubscribe.value.match(/<(http[^>]*)>/)[1]);

  const signsUp = async (name, kind = 'employee') => {
    const visitor = await someone();
    await visitor.go(`/signup/${kind}`);
    await visitor.send({ name: 'Elisa Araya', email: address(name), profession: 'Bioquímica', password: PASSWORD });
    const [mail] = await mails(site, address(name));
    return { visitor, link: linkTo(mail, '/verify-email') };
  };
  add('guest', (await signsUp('unverified')).link);
  const verified = async (name) => {
    const person = await signsUp(name);
    await person.visitor.go(person.link);
    await person.visitor.press('main form button');
    return person;
  };
  // Each has an account of their own: what happens to one ends its other links.
  const forgetful = await verified('forgetful');
  await forgetful.visitor.go('/password/forgot');
  await forgetful.visitor.send({ email: address('forgetful') });
  add('guest', linkTo((await mails(site, address('forgetful'), 2)).at(-1), '/password/reset'));
  await verified('watched');
  const elsewhere = await someone();
  await elsewhere.logIn(address('watched'), PASSWORD);
  add('guest', linkTo((await mails(site, address('watched'), 2)).at(-1), '/account/secure'));

  const member = await verified('member');
  await member.visitor.go('/account/email');
  await member.visitor.send({ email: address('moved'), current_password: PASSWORD });
  await member.visitor.go(linkTo((await mails(site, address('moved'))).at(-1), '/account/email/confirm'));
  await member.visitor.press('main form button');
  const told = (await mails(site, address('member'), 2)).map((mail) => linkTo(mail, '/account/email/undo'));
  add('guest', told.find((link) => link));
  await member.visitor.go('/account/email');
  await member.visitor.send({ email: address('next'), current_password: PASSWORD });
  add('guest', linkTo((await mails(site, address('next'))).at(-1), '/account/email/confirm'));

  const leaver = await verified('leaver');
  await leaver.visitor.go('/account/delete');
  await leaver.visitor.send({ email: address('leaver'), password: PASSWORD });
  const farewell = (await mails(site, address('leaver'), 2)).at(-1);
  add('guest', linkTo(farewell, '/account/delete/cancel'));

  await people.organization.go('/organization/members');
  await people.organization.send({ email: address('invited') });
  add('guest', linkTo((await mails(site, address('invited')))[0], '/organization/invitation'));

  found.push(...(await secondFactor(await signsUp('careful'), address('careful'), someone)));
  return found.concat(await adminsThings(people.admin));
}

/** Invites a place from its page, and returns the mail. */
async function inviteFromList(admin, site, email) {
  await admin.go(`/admin/waitlist?q=${encodeURIComponent(email)}`);
  const entry = await admin.page.$eval('a[href*="/admin/waitlist/entries/"]', (it) => it.href);
  await admin.go(entry);
  await admin.press('form[action*="/invite"] button');
  return (await mails(site, email, 2)).at(-1);
}

/** Switches the second factor on for somebody, and shows each page of it. */
async function secondFactor({ visitor, link }, email, someone) {
  await visitor.go(link);
  await visitor.press('main form button');
  await visitor.go('/account/second-factor');
  const secret = await visitor.page.$eval('a[href^="otpauth:"]', (it) => new URL(it.href).searchParams.get('secret'));
  const html = await visitor.send({ code: code(secret) });
  const factor = { role: visitor, link: '/account/second-factor' };
  const asked = await someone();
  await asked.logIn(email, PASSWORD);
  const paths = ['codes', 'move', 'off'].map((name) => `/account/second-factor/${name}`);
  const pages = paths.map((path) => ({ role: visitor, link: path }));
  return [factor, ...pages, { role: asked, link: '/login/code' }].filter(() => html.ok());
}

/** The code of RFC 6238 for this moment. */
function code(secret) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((it) => letters.indexOf(it).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash.at(-1) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A key as it is shown once, and a webhook. */
async function adminsThings(admin) {
  await admin.go('/admin/keys');
  await admin.send({ name: 'CRM', access: 'read' });
  const key = admin.page.url();
  await admin.go('/admin/webhooks');
  await admin.send({ url: 'http://127.0.0.1:9/', event: 'waitlist.joined' });
  const shown = admin.page.url();
  await admin.go('/admin/webhooks');
  const endpoint = await admin.page.$eval('main a[href^="/admin/webhooks/"]', (it) => it.href);
  return [key, shown, endpoint, `${endpoint}/rotate`].map((link) => ({ role: 'admin', link }));
}
