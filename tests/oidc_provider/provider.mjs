// A provider of OpenID Connect with the pages that the package has for development. Whoever logs in there is who they
// say: an address is theirs, though not verified when it begins with `unverified`; any other name has none. It prints its
// address when it listens, and ends with its standard input, so that it never outlives the tests.
import './node_18.mjs';
import { createServer } from 'node:http';

// Only now, when the import above has taken effect.
const { Provider } = await import('oidc-provider');

const server = createServer().listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    // A native client may come from any port of this machine (RFC 8252, 7.3): each test has a site on its own.
    clients: [{
      client_id: 'biovity',
      client_secret: 'hidden',
      application_type: 'native',
      redirect_uris: ['http://127.0.0.1/login/with/oidc/back'],
    }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_, login) => ({
      accountId: login,
      claims: () => ({
        sub: login,
        name: 'Ana Rojas',
        ...(login.includes('@') && { email: login, email_verified: !login.startsWith('unverified') }),
      }),
    }),
  });
  server.on('request', provider.callback());
  console.log(issuer);
});

process.stdin.on('end', () => process.exit()).resume();
