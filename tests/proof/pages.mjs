// Every page of the site, by the committed table of routes, with whom it is for.

import { readFileSync } from 'node:fs';
import { live } from './people.mjs';

/** The columns of the table that are walked. */
const ROLES = ['guest', 'employee', 'organization', 'admin'];
/** Answers that are no pages for people. */
const NO_PAGES = /^\/(healthz|readyz|robots\.txt|sitemap\.xml|favicon\.ico|static\/|avatar\/|api(\/|$)|waitlist\/place\.json|account\/export)|\.csv$|^\/\.well-known/;
/** What only an answer of a provider leads to. */
const ELSEWHERE = ['/login/with/{id}', '/login/with/{id}/back', '/account/providers/{id}/confirm', '/signup/finish'];
/** Pages that show something else by what is asked of them. */
const VARIANTS = {
  guest: [
    '/nothing', '/waitlist/confirm?token=short', '/waitlist?lang=es', '/signup/invited',
    ...['denied', 'too-old', 'away', 'known-address'].map((why) => `/login/with/oidc/problem?why=${why}`),
  ],
  admin: [
    '/admin/waitlist?q=a', '/admin/waitlist?state=deleted', '/admin/waitlist?q=nobody-at-all', '/admin/waitlist?from=x',
    '/admin/search?q=rojas', '/admin/search?q=nobody', '/admin/waitlist/bulk?act=ask-all&state=joined', '/admin/audit?who=nobody@example.cl',
    '/admin/waitlist/waves/rehearsal?employees=5&organizations=1', '/admin/users?q=a', '/admin/mail?state=refused',
  ],
};

/** The pages as `{ role, link, name, pattern }`, after the deeds that they need. */
export async function all(browser, site, language, people) {
  const routes = table();
  const found = new Map();
  const add = (role, link) => {
    const { pathname, search } = new URL(link, site.origin);
    const pattern = routes.find((route) => route.fits.test(pathname))?.pattern ?? pathname;
    const asked = [...new URLSearchParams(search).keys()].filter((name) => !['token', 'next'].includes(name));
    const who = typeof role === 'string' ? role : 'other';
    const name = `${who}${pathname === '/' ? '/home' : pattern}${search && asked.length ? `?${search.slice(1)}` : ''}`;
    if (!NO_PAGES.test(pathname) && !found.has(name)) found.set(name, { role, link: pathname + search, name, pattern });
  };
  for (const { role, link } of await live(browser, site, language, people)) add(role, link);
  for (const route of routes) {
    for (const role of ROLES) {
      const isTheirs = route.answers[role] === '200' && (role === 'guest' || route.answers.guest !== '200');
      if (isTheirs && !route.pattern.includes('{')) add(role, route.pattern);
    }
  }
  for (const [role, links] of Object.entries(VARIANTS)) links.forEach((link) => add(role, link));
  add('guest', '/dev/mailbox');
  add('employee', '/account/providers');
  add('employee', '/');
  await parameters(found, people, add, routes);
  await people.admin.go('/admin/waitlist/waves');
  const waves = await people.admin.page.$$eval('main td a[href*="/waves/"]', (all) => all.map((it) => it.href));
  // Only one that has not ended can be cancelled.
  for (const wave of waves) if ((await people.admin.go(`${wave}/cancel`)).ok()) add('admin', `${wave}/cancel`);
  const met = new Set([...found.values()].map((page) => page.pattern));
  const missing = routes.map((route) => route.pattern).filter((it) => !met.has(it) && !NO_PAGES.test(it) && !ELSEWHERE.includes(it));
  if (missing.length > 0) throw new Error(`no page was found for ${missing.join(', ')}`);
  return [...found.values()].sort((one, other) => one.name.localeCompare(other.name));
}

/** Pages of one thing, by the first link to it on the pages found so far. */
async function parameters(found, people, add, routes) {
  const open = routes.filter((route) => route.pattern.includes('{')).map((route) => route.pattern);
  const isMet = (pattern) => [...found.values()].some((page) => page.pattern === pattern);
  for (const page of found.values()) {
    if (open.every(isMet)) return;
    const person = typeof page.role === 'string' ? people[page.role] : page.role;
    await person.go(page.link);
    const links = await person.page.$$eval('a[href]', (all) => all.filter((it) => it.origin === location.origin).map((it) => it.href));
    for (const link of links) {
      const { pathname } = new URL(link);
      const route = routes.find((it) => it.fits.test(pathname));
      if (route?.pattern.includes('{') && !isMet(route.pattern)) add(page.role, pathname);
    }
  }
}

/** Every address that answers GET, from `tests/it/access.txt`. */
function table() {
  const lines = readFileSync('tests/it/access.txt', 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
  const columns = lines.find((line) => line.trimStart().startsWith('address')).trim().split(/\s+/);
  const cells = lines.filter((line) => line.startsWith('GET')).map((line) => line.split(/\s{2,}/).map((it) => it.trim()));
  return cells.map(([, pattern, ...answers]) => ({
    pattern,
    answers: Object.fromEntries(columns.slice(1).map((role, at) => [role, answers[at]])),
    fits: new RegExp(`^${pattern.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
  }));
}
