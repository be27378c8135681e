// Lighthouse's four marks of the pages that visitors come to, of a hundred each.

import lighthouse from 'lighthouse';
import { open } from './people.mjs';
import { start } from './site.mjs';

const PAGES = ['/', '/waitlist', '/signup/employee', '/login'];
/** The speed is measured on a machine that may do other work as well. */
const LEAST = { performance: 97, accessibility: 100, 'best-practices': 100, seo: 100 };

const site = await start();
const browser = await open();
let isMet = true;
try {
  const port = Number(new URL(browser.wsEndpoint()).port);
  for (const path of PAGES) {
    const { lhr } = await lighthouse(site.origin + path, { port, onlyCategories: Object.keys(LEAST), logLevel: 'silent' });
    const marks = Object.keys(LEAST).map((name) => [name, Math.round(lhr.categories[name].score * 100)]);
    console.log(`${path.padEnd(18)} ${marks.map(([name, mark]) => `${name} ${mark}`).join(', ')}`);
    for (const [name, mark] of marks.filter(([name, mark]) => mark < LEAST[name])) {
      isMet = false;
      const lost = lhr.categories[name].auditRefs.filter((it) => it.weight > 0 && (lhr.audits[it.id].score ?? 1) < 0.9);
      console.log(`  ${name} ${mark}: ${lost.map((it) => it.id).join(', ')}`);
    }
  }
} finally {
  await browser.close();
  await site.stop();
}
process.exitCode = isMet ? 0 : 1;
