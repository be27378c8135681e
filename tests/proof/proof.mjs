// Every page and every mail in both languages, before two judges: html-validate reads its source, axe looks at it on a
// telephone in the dark and on a desk in the light.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HtmlValidate } from 'html-validate';
import { all } from './pages.mjs';
import { Person, everybody, open, see } from './people.mjs';
import { everyMail, start } from './site.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LOOKS = [{ width: 390, scheme: 'dark' }, { width: 1200, scheme: 'light' }];

// Mail programs know no style sheets, Outlook not even the styles; and what surrounds a mail is the program's own page.
const rules = { root: true, extends: ['html-validate:standard'] };
const ofPages = { html: new HtmlValidate(rules), axe: {} };
const ofMails = {
  html: new HtmlValidate({ ...rules, rules: { 'no-inline-style': 'off', 'no-deprecated-attr': 'off' } }),
  axe: { region: { enabled: false }, 'landmark-one-main': { enabled: false } },
};
let findings = 0;
let pages = 0;

const site = await start();
const browser = await open();
try {
  for (const language of ['en', 'es']) {
    const people = await everybody(browser, site, language);
    for (const page of await all(browser, site, language, people)) {
      const person = typeof page.role === 'string' ? people[page.role] : page.role;
      const answer = await person.go(page.link);
      await judge(`${language} ${page.name}`, person.page, await answer.text(), page.pattern === '/dev/mailbox/{id}/html' ? ofMails : ofPages);
    }
  }
  const reader = await Person.in(browser, site, 'en');
  const kinds = new Map((await everyMail(site)).map((mail) => [mail.subject, mail]));
  for (const mail of kinds.values()) {
    await reader.page.setContent(mail.html);
    await judge(`mail “${mail.subject}”`, reader.page, mail.html, ofMails);
  }
  console.log(`${pages} pages, ${kinds.size} of them mails: ${findings} findings`);
} finally {
  await browser.close();
  await site.stop();
}
process.exitCode = findings === 0 ? 0 : 1;

async function judge(name, page, html, by = ofPages) {
  pages += 1;
  const { results } = await by.html.validateString(html);
  for (const it of results.flatMap((result) => result.messages)) tell(`html: ${name}:${it.line}:${it.column}: ${it.message} (${it.ruleId})`);
  await page.evaluate(AXE);
  for (const { width, scheme } of LOOKS) {
    await page.setViewport({ width, height: 900 });
    await see(page, scheme);
    const { violations } = await page.evaluate((rules) => globalThis.axe.run({ resultTypes: ['violations'], rules }), by.axe);
    for (const it of violations) tell(`axe: ${name}, ${scheme}, ${width} px: ${it.help} (${it.id}): ${it.nodes[0].html.slice(0, 160)}`);
  }
}

function tell(finding) {
  findings += 1;
  console.log(finding);
}
