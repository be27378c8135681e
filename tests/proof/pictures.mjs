// The contact sheet: every page in two languages, two colour schemes and three widths, into target/pictures; and the
// pictures of docs/.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { all } from './pages.mjs';
import { everybody, open, see } from './people.mjs';
import { start } from './site.mjs';

const FOLDER = 'target/pictures';
const WIDTHS = [390, 800, 1200];
const SCHEMES = ['light', 'dark'];
/** As much of a page as a sheet shows of it. */
const HEIGHT = 2400;
/** Shots in a sheet, so that each can still be looked at. */
const PER_SHEET = 8;
/** The pages that docs/ and README show, in English and in the light, and as much of them. */
const FOR_DOCS = {
  'guest/home': ['home', 800], 'guest/waitlist/place': ['place', 800],
  'admin/admin': ['overview', 2160], 'admin/admin/waitlist': ['list', 800],
};

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const site = await start();
const browser = await open();
const shots = [];
try {
  for (const language of ['en', 'es']) {
    const people = await everybody(browser, site, language);
    for (const page of await all(browser, site, language, people)) {
      const person = typeof page.role === 'string' ? people[page.role] : page.role;
      await person.go(page.link);
      for (const width of WIDTHS) {
        await person.page.setViewport({ width, height: 900 });
        for (const scheme of SCHEMES) {
          await see(person.page, scheme);
          const height = Math.min(await person.page.evaluate('document.documentElement.scrollHeight'), HEIGHT);
          const file = `${page.name.replace(/[^\w.-]+/g, '_')}.${language}.${scheme}.${width}.webp`;
          await person.page.screenshot({ path: `${FOLDER}/${file}`, clip: { x: 0, y: 0, width, height }, quality: 70 });
          shots.push({ file, name: page.name, language, scheme, width, height });
        }
      }
      if (language === 'en' && FOR_DOCS[page.name]) await forDocs(person.page, ...FOR_DOCS[page.name]);
    }
  }
  await sheets();
} finally {
  await browser.close();
  await site.stop();
}
console.log(`${shots.length} pictures: ${resolve(FOLDER)}/index.html`);

async function forDocs(page, name, height) {
  await page.setViewport({ width: 1200, height });
  await see(page, 'light');
  await page.screenshot({ path: `docs/${name}.png` });
}

/** One page with all of them, and a picture of each group of it. */
async function sheets() {
  const pages = [...new Set(shots.map((shot) => shot.name))];
  writeFileSync(`${FOLDER}/index.html`, sheet(pages, shots));
  const page = await browser.newPage();
  for (const language of ['en', 'es']) {
    for (const scheme of SCHEMES) {
      for (const width of WIDTHS) {
        const chosen = shots.filter((it) => it.language === language && it.scheme === scheme && it.width === width);
        for (let at = 0; at < chosen.length; at += PER_SHEET) {
          const file = `sheet.${language}.${scheme}.${width}.${String(at / PER_SHEET + 1).padStart(2, '0')}`;
          const group = chosen.slice(at, at + PER_SHEET);
          writeFileSync(`${FOLDER}/${file}.html`, sheet(group.map((shot) => shot.name), group));
          await page.setViewport({ width: 1600, height: 1000 });
          await page.goto(pathToFileURL(`${FOLDER}/${file}.html`).href);
          await page.screenshot({ path: `${FOLDER}/${file}.png`, fullPage: true });
          rmSync(`${FOLDER}/${file}.html`);
        }
      }
    }
  }
}

function sheet(names, group) {
  const figure = (shot) =>
    `<a href="${shot.file}"><img loading="eager" width="${shot.width === 390 ? 260 : 390}" alt="${shot.language} ${shot.scheme} ${shot.width}" src="${shot.file}"></a>`;
  const sections = [...new Set(names)].map((name) =>
    `<figure><figcaption>${name}</figcaption>${group.filter((shot) => shot.name === name).map(figure).join('')}</figure>`);
  return `<!doctype html><meta charset="utf-8"><title>Contact sheet</title><style>
    body { display: flex; flex-wrap: wrap; align-items: start; gap: 8px; margin: 8px; font: 12px sans-serif; background: #888 }
    figure { margin: 0 } figcaption { max-width: 390px } img { vertical-align: top; margin: 2px }
  </style>${sections.join('')}`;
}
