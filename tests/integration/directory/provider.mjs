// An OpenID Connect provider on loopback, as an employer's directory. Whoever `login_hint` describes (claims as base64url
// JSON) is signed in at once. Takes one JSON object: issuer, port, client, jwks. Says "ready" when it listens.
import http from 'node:http'
import Provider from 'oidc-provider'

const { issuer, port, client, jwks } = JSON.parse(process.argv[2])
const people = new Map()
const CLAIMS = ['sub', 'oid', 'tid', 'name', 'email', 'roles', 'staff']

const provider = new Provider(issuer, {
  clients: [client],
  jwks,
  cookies: { keys: ['of the test'] },
  conformIdTokenClaims: false,
  claims: { openid: CLAIMS, profile: ['name'], email: ['email'] },
  features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => people.get(id) }),
  loadExistingGrant: async context => {
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId
    })
    grant.addOIDCScope('openid profile email')
    await grant.save()
    return grant
  }
})
provider.proxy = true

const answer = provider.callback()
http.createServer(async (request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response)
  const { params } = await provider.interactionDetails(request, response)
  const claims = JSON.parse(Buffer.from(params.login_hint, 'base64url'))
  people.set(claims.sub, claims)
  return provider.interactionFinished(request, response, { login: { accountId: claims.sub } })
}).listen(port, '127.0.0.1', () => console.log('ready'))
