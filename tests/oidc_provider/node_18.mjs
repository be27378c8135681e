// What the package uses and Node.js 18, that of Debian 12 and Ubuntu 24.04, lacks.
import crypto from 'node:crypto';
import { register } from 'node:module';

const toModule = (text) => `data:text/javascript,${encodeURIComponent(text)}`;

if (!crypto.hash) {
  globalThis.crypto ??= crypto.webcrypto;
  URL.parse ??= (url, base) => (URL.canParse(url, base) ? new URL(url, base) : null);
  const withHash = toModule(`
    import crypto from 'node:crypto';
    export * from 'node:crypto';
    export default crypto;
    export const hash = (algorithm, data, encoding) =>
      crypto.createHash(algorithm).update(data).digest(encoding === 'buffer' ? undefined : encoding);
  `);
  register(toModule(`
    export const resolve = (name, context, next) =>
      name === 'node:crypto' && context.parentURL?.includes('/node_modules/oidc-provider/')
        ? { url: ${JSON.stringify(withHash)}, shortCircuit: true }
        : next(name, context);
  `));
}
